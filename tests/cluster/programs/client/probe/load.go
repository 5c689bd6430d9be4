package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	v1 "github.com/authzed/authzed-go/proto/authzed/api/v1"
	"github.com/spf13/cobra"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"programs/client/connection"
)

// What a request came to, besides the names of gRPC's codes.
const (
	answered = "OK"
	wrong    = "WRONG"  // an answer, but not the one that the data gives
	unsent   = "UNSENT" // too many were open already: the server does not keep up, so this counts against it
)

const (
	subjects = 50
	flush    = 100 * time.Millisecond
)

// A request, as [milliseconds from the start when it was due, how many it took, the connection's number, outcome, details].
type request [5]any

type generator struct {
	rate        float64
	longest     time.Duration
	timeout     time.Duration
	deadline    time.Duration
	bound       int
	connections []v1.PermissionsServiceClient
	token       *v1.ZedToken

	begin time.Time
	open  chan struct{}
	sent  sync.WaitGroup

	output sync.Mutex

	lock sync.Mutex
	done []request
}

func load() *cobra.Command {
	command := &cobra.Command{
		Use: "load",
		Short: "Check permissions at a steady rate until the input ends. Writes a line {\"requests\": […]} each tenth of a second, " +
			"and {\"mark\": …, \"at\": …} for each line of the input.",
		Args: cobra.NoArgs,
	}
	settings := connectionFlags(command)
	made := &generator{}
	flags := command.Flags()
	flags.Float64Var(&made.rate, "rate", 200, "requests a second")
	flags.DurationVar(&made.longest, "longest", 5*time.Minute, "ends by itself after this long")
	flags.DurationVar(&made.timeout, "timeout", 10*time.Second, "of one request, however many calls it takes")
	flags.DurationVar(&made.deadline, "deadline", 0, "of one call, gRPC's own retries included; another call follows one that came to it. 0: the timeout")
	flags.IntVar(&made.bound, "bound", 1000, "as many requests are open at most")
	connections := flags.Int("connections", 4, "as many are used in turn")
	flags.StringVar(&settings.ServiceConfig, "service-config", "", "gRPC's, as JSON, such as a retry policy; without it nothing is retried")
	flags.DurationVar(&settings.KeepaliveTime, "keepalive", 0, "asks a silent connection after this long whether it lives; 0: never")
	flags.DurationVar(&settings.KeepaliveTimeout, "keepalive-timeout", 20*time.Second, "gives it up after this long without an answer")
	written := flags.String("written-at", "", "the revision that the relationships were written at")
	command.RunE = func(*cobra.Command, []string) error {
		settings.Retries = settings.ServiceConfig != ""
		made.token = &v1.ZedToken{Token: *written}
		made.open = make(chan struct{}, made.bound)
		for range *connections {
			server, err := settings.Open()
			if err != nil {
				return err
			}
			defer server.Close()
			made.connections = append(made.connections, v1.NewPermissionsServiceClient(server))
		}
		return made.run()
	}
	return command
}

// run sends until standard input ends or the time is over, and then waits for what is open.
func (g *generator) run() error {
	g.begin = time.Now()
	end := make(chan struct{})
	go func() {
		defer close(end)
		for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
			g.write(map[string]any{"mark": strings.TrimSpace(lines.Text()), "at": g.milliseconds(time.Now())})
		}
	}()
	over := time.After(g.longest)
	flushes := time.NewTicker(flush)
	defer flushes.Stop()
	for number := 0; ; {
		due := g.begin.Add(time.Duration(float64(number) / g.rate * float64(time.Second)))
		select {
		case <-time.After(time.Until(due)):
			g.send(number, due)
			number++
		case <-flushes.C:
			g.flush()
		case <-end:
			return g.finish("input")
		case <-over:
			return g.finish("time")
		}
	}
}

func (g *generator) finish(why string) error {
	g.sent.Wait()
	g.flush()
	g.write(map[string]any{"end": why, "at": g.milliseconds(time.Now())})
	return nil
}

// send does not wait: a slow answer must not make the next request late, or the stall would hide itself.
func (g *generator) send(number int, due time.Time) {
	on := number % len(g.connections)
	select {
	case g.open <- struct{}{}:
	default:
		g.keep(request{g.milliseconds(due), 0, on, unsent, ""})
		return
	}
	g.sent.Add(1)
	go func() {
		defer g.sent.Done()
		defer func() { <-g.open }()
		outcome, details := g.ask(number, g.connections[on])
		g.keep(request{g.milliseconds(due), float64(time.Since(due).Microseconds()) / 1000, on, outcome, details})
	}()
}

func (g *generator) ask(number int, client v1.PermissionsServiceClient) (outcome, details string) {
	// user:load-N may view document:load-N, and no other.
	document, user := number%subjects, number%subjects
	allowed := number/subjects%2 == 0
	if !allowed {
		user = (user + 1) % subjects
	}
	question, err := connection.Question(fmt.Sprintf("document:load-%d", document), "view", fmt.Sprintf("user:load-%d", user))
	if err != nil {
		return wrong, err.Error()
	}
	question.Consistency = fully
	if number%2 == 1 && g.token.Token != "" {
		question.Consistency = &v1.Consistency{Requirement: &v1.Consistency_AtLeastAsFresh{AtLeastAsFresh: g.token}}
	}
	answer, err := g.call(client, question)
	if err != nil {
		return code(err), status.Convert(err).Message()
	}
	if connection.Allowed(answer) != allowed {
		return wrong, fmt.Sprintf("document:load-%d, user:load-%d: %v", document, user, answer.Permissionship)
	}
	return answered, ""
}

// call calls again when a call has come to its deadline, until the time for the request is over.
func (g *generator) call(client v1.PermissionsServiceClient, question *v1.CheckPermissionRequest) (*v1.CheckPermissionResponse, error) {
	request, cancel := context.WithTimeout(context.Background(), g.timeout)
	defer cancel()
	for {
		answer, err := g.callOnce(request, client, question)
		if g.deadline == 0 || status.Code(err) != codes.DeadlineExceeded || request.Err() != nil {
			return answer, err
		}
	}
}

func (g *generator) callOnce(
	request context.Context, client v1.PermissionsServiceClient, question *v1.CheckPermissionRequest,
) (*v1.CheckPermissionResponse, error) {
	if g.deadline == 0 {
		return client.CheckPermission(request, question)
	}
	call, cancel := context.WithTimeout(request, g.deadline)
	defer cancel()
	return client.CheckPermission(call, question)
}

func (g *generator) milliseconds(at time.Time) float64 {
	return float64(at.Sub(g.begin).Microseconds()) / 1000
}

func (g *generator) keep(one request) {
	g.lock.Lock()
	defer g.lock.Unlock()
	g.done = append(g.done, one)
}

func (g *generator) flush() {
	g.lock.Lock()
	batch := g.done
	g.done = nil
	g.lock.Unlock()
	if len(batch) > 0 {
		g.write(map[string]any{"requests": batch})
	}
}

func (g *generator) write(line any) {
	g.output.Lock()
	defer g.output.Unlock()
	_ = say(line)
}
