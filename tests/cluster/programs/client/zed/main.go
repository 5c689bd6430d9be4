// Stands in for zed, SpiceDB's command-line client, whose module cannot be built from outside. It knows what the chart's test pod
// asks for, `permission check` with the flags there, answers as zed does, and refuses everything else.
package main

import (
	"context"
	"fmt"
	"os"

	v1 "github.com/authzed/authzed-go/proto/authzed/api/v1"
	"github.com/spf13/cobra"

	"programs/client/connection"
)

func main() {
	root := &cobra.Command{
		Use:               "zed",
		Short:             "Stands in for zed in tests: `permission check` and nothing else.",
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	permission := &cobra.Command{Use: "permission"}
	permission.AddCommand(check())
	root.AddCommand(permission)
	if root.Execute() != nil {
		os.Exit(1)
	}
}

func check() *cobra.Command {
	settings := connection.Settings{Token: os.Getenv("ZED_TOKEN")}
	command := &cobra.Command{Use: "check <resource> <permission> <subject>", Args: cobra.ExactArgs(3)}
	flags := command.Flags()
	flags.StringVar(&settings.Endpoint, "endpoint", "", "host:port")
	flags.BoolVar(&settings.Insecure, "insecure", false, "plaintext")
	authority := flags.String("certificate-path", "", "file with certificates to verify the server with")
	retries := flags.Uint("max-retries", 10, "0: try once; more is not offered here")
	flags.Bool("skip-version-check", false, "this stand-in checks none")
	_ = command.MarkFlagRequired("endpoint")
	command.RunE = func(command *cobra.Command, words []string) error {
		if *retries != 0 {
			return fmt.Errorf("this stand-in for zed knows --max-retries=0 alone")
		}
		if *authority != "" {
			pem, err := os.ReadFile(*authority)
			if err != nil {
				return err
			}
			settings.Authority = string(pem)
		}
		question, err := connection.Question(words[0], words[1], words[2])
		if err != nil {
			return err
		}
		server, err := settings.Open()
		if err != nil {
			return err
		}
		defer server.Close()
		answer, err := v1.NewPermissionsServiceClient(server).CheckPermission(context.Background(), question)
		if err != nil {
			return err
		}
		fmt.Println(connection.Allowed(answer))
		return nil
	}
	return command
}
