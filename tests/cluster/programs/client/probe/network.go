package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

const mostOfABody = 1 << 20

func serve() *cobra.Command {
	return &cobra.Command{
		Use:   "serve <address>",
		Short: "Answer HTTP requests with the pod's name.",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, words []string) error {
			name, err := os.Hostname()
			if err != nil {
				return err
			}
			answer := func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, name) }
			return http.ListenAndServe(words[0], http.HandlerFunc(answer))
		},
	}
}

func get() *cobra.Command {
	command := &cobra.Command{Use: "get <url>", Short: "Fetch a page, over a connection of its own.", Args: cobra.ExactArgs(1)}
	timeout := timeoutFlag(command)
	authority := command.Flags().String("authority", "", "certificates to verify the server with, in PEM")
	token := command.Flags().String("token", "", "bearer token")
	body := command.Flags().String("body", "", "sends this by POST")
	command.RunE = func(_ *cobra.Command, words []string) error {
		settings := &tls.Config{}
		if *authority != "" {
			settings.RootCAs = x509.NewCertPool()
			if !settings.RootCAs.AppendCertsFromPEM([]byte(*authority)) {
				return errors.New("the authority is no certificate in PEM")
			}
		}
		ctx, cancel := context.WithTimeout(context.Background(), *timeout)
		defer cancel()
		request, err := newRequest(ctx, words[0], *body)
		if err != nil {
			return err
		}
		if *token != "" {
			request.Header.Set("Authorization", "Bearer "+*token)
		}
		client := http.Client{Transport: &http.Transport{TLSClientConfig: settings, DisableKeepAlives: true}}
		begin := time.Now()
		response, err := client.Do(request)
		if err != nil {
			return say(map[string]any{"status": 0, "body": "", "error": message(err), "seconds": since(begin)})
		}
		defer response.Body.Close()
		text, err := io.ReadAll(io.LimitReader(response.Body, mostOfABody))
		return say(map[string]any{
			"status": response.StatusCode, "body": string(text), "error": message(err), "seconds": since(begin),
		})
	}
	return command
}

func newRequest(ctx context.Context, url, body string) (*http.Request, error) {
	if body == "" {
		return http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	}
	return http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
}

func dial() *cobra.Command {
	command := &cobra.Command{Use: "dial <host:port>", Short: "Open a TCP connection.", Args: cobra.ExactArgs(1)}
	timeout := timeoutFlag(command)
	command.RunE = func(_ *cobra.Command, words []string) error {
		begin := time.Now()
		connection, err := net.DialTimeout("tcp", words[0], *timeout)
		if err == nil {
			connection.Close()
		}
		return say(map[string]any{"connected": err == nil, "error": message(err), "seconds": since(begin)})
	}
	return command
}

func resolve() *cobra.Command {
	command := &cobra.Command{Use: "resolve <name>", Short: "Ask DNS for addresses.", Args: cobra.ExactArgs(1)}
	timeout := timeoutFlag(command)
	command.RunE = func(_ *cobra.Command, words []string) error {
		ctx, cancel := context.WithTimeout(context.Background(), *timeout)
		defer cancel()
		addresses, err := net.DefaultResolver.LookupHost(ctx, words[0])
		return say(map[string]any{"addresses": append([]string{}, addresses...), "error": message(err)})
	}
	return command
}

func timeoutFlag(command *cobra.Command) *time.Duration {
	return command.Flags().Duration("timeout", 3*time.Second, "gives up after this long")
}

func since(begin time.Time) float64 {
	return time.Since(begin).Seconds()
}
