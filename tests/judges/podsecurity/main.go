// Command podsecurity judges rendered objects with the code that Kubernetes itself admits pods with,
// k8s.io/pod-security-admission.
//
// With -checks it reads nothing and prints the checks that it applies, one a line:
// {"id", "level", "since": [{"version", "overrides"}]}.
//
// Otherwise standard input is JSON lines, each {"id": "...", "object": {...}}, the object of any kind.
// Standard output is JSON lines in the same order: for a pod or a workload, one line a version,
// {"id", "version", "level", "allowed", "reasons"}; for an object that holds no pod, {"id", "pods": false}.
//
// Each input that cannot be judged is a line on standard error, and the exit code is then 2.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

// Verdict is what the Pod Security level says of one object at one Kubernetes version.
type Verdict struct {
	ID      string   `json:"id"`
	Version string   `json:"version"`
	Level   string   `json:"level"`
	Allowed bool     `json:"allowed"`
	Reasons []string `json:"reasons"`
}

// NoPods says that the object was read and that there is no pod in it to judge.
type NoPods struct {
	ID   string `json:"id"`
	Pods bool   `json:"pods"`
}

type request struct {
	ID     string          `json:"id"`
	Object json.RawMessage `json:"object"`
}

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("podsecurity", flag.ContinueOnError)
	flags.SetOutput(stderr)
	level := flags.String("level", "restricted", "Pod Security level: baseline or restricted")
	versions := flags.String("versions", "all", "Kubernetes versions, as in 1.27,1.28, or all that are known")
	listed := flags.Bool("checks", false, "print the checks instead of judging")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if *listed {
		return printChecks(stdout, stderr)
	}
	judge, err := newJudge(*level, *versions, flags.Args())
	if err != nil {
		fmt.Fprintln(stderr, "podsecurity:", err)
		return 2
	}
	output := bufio.NewWriter(stdout)
	complete := judgeLines(judge, stdin, output, stderr)
	if err := output.Flush(); err != nil {
		fmt.Fprintln(stderr, "podsecurity:", err)
		return 2
	}
	if !complete {
		return 2
	}
	return 0
}

// judgeLines reports whether every line could be judged, and that there was at least one:
// an empty input is a broken pipe upstream, never a clean bill.
func judgeLines(judge *judge, input io.Reader, output io.Writer, stderr io.Writer) bool {
	lines := bufio.NewReader(input)
	encoder := json.NewEncoder(output)
	seen := map[string]bool{}
	complete := true
	for number := 1; ; number++ {
		line, readErr := lines.ReadBytes('\n')
		if len(line) > 0 {
			if err := judgeLine(judge, line, seen, encoder); err != nil {
				fmt.Fprintf(stderr, "podsecurity: line %d: %v\n", number, err)
				complete = false
			}
		}
		if errors.Is(readErr, io.EOF) {
			break
		}
		if readErr != nil {
			fmt.Fprintf(stderr, "podsecurity: line %d: %v\n", number, readErr)
			return false
		}
	}
	if len(seen) == 0 && complete {
		fmt.Fprintln(stderr, "podsecurity: no objects on standard input")
		return false
	}
	return complete
}

func judgeLine(judge *judge, line []byte, seen map[string]bool, encoder *json.Encoder) error {
	request, err := parse(line)
	if err != nil {
		return err
	}
	if seen[request.ID] {
		return fmt.Errorf("id %q: given twice", request.ID)
	}
	seen[request.ID] = true
	pod, err := extract(request.Object)
	if err != nil {
		return fmt.Errorf("id %q: %w", request.ID, err)
	}
	if pod == nil {
		return encoder.Encode(NoPods{ID: request.ID})
	}
	for _, verdict := range judge.verdicts(request.ID, pod) {
		if err := encoder.Encode(verdict); err != nil {
			return err
		}
	}
	return nil
}

func parse(line []byte) (request, error) {
	var parsed request
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&parsed); err != nil {
		return parsed, fmt.Errorf("not {\"id\", \"object\"}: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return parsed, errors.New("more than one JSON value")
	}
	if parsed.ID == "" || len(parsed.Object) == 0 {
		return parsed, errors.New("id or object is missing")
	}
	return parsed, nil
}
