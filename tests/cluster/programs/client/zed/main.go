// Stands in for zed, SpiceDB's command-line client, whose module cannot be built from outside. It knows what the chart's test pods
// ask for, `permission check` and `relationship touch` and `delete` with the flags there, answers as zed does, and refuses
// everything else.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	v1 "github.com/authzed/authzed-go/proto/authzed/api/v1"
	"github.com/spf13/cobra"
	"google.golang.org/grpc"

	"programs/client/connection"
)

func main() {
	root := &cobra.Command{
		Use:               "zed",
		Short:             "Stands in for zed in tests: `permission check`, `relationship touch`, `relationship delete` and nothing else.",
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	permission := &cobra.Command{Use: "permission"}
	permission.AddCommand(check())
	relationship := &cobra.Command{Use: "relationship"}
	relationship.AddCommand(
		write("touch", v1.RelationshipUpdate_OPERATION_TOUCH),
		write("delete", v1.RelationshipUpdate_OPERATION_DELETE),
	)
	root.AddCommand(permission, relationship)
	if root.Execute() != nil {
		os.Exit(1)
	}
}

func check() *cobra.Command {
	var full, strict bool
	command := calling("check <resource> <permission> <subject>", func(server *grpc.ClientConn, words []string) error {
		question, err := connection.Question(words[0], words[1], words[2])
		if err != nil {
			return err
		}
		if full {
			question.Consistency = &v1.Consistency{Requirement: &v1.Consistency_FullyConsistent{FullyConsistent: true}}
		}
		answer, err := v1.NewPermissionsServiceClient(server).CheckPermission(context.Background(), question)
		if err != nil {
			return err
		}
		fmt.Println(connection.Allowed(answer))
		if strict && !connection.Allowed(answer) {
			return errors.New("no permission")
		}
		return nil
	})
	command.Flags().BoolVar(&full, "consistency-full", false, "answer by the newest data")
	command.Flags().BoolVar(&strict, "error-on-no-permission", false, "fail where the answer is no")
	return command
}

func write(name string, operation v1.RelationshipUpdate_Operation) *cobra.Command {
	return calling(name+" <resource> <relation> <subject>", func(server *grpc.ClientConn, words []string) error {
		question, err := connection.Question(words[0], words[1], words[2])
		if err != nil {
			return err
		}
		request := &v1.WriteRelationshipsRequest{Updates: []*v1.RelationshipUpdate{{
			Operation: operation,
			Relationship: &v1.Relationship{
				Resource: question.Resource, Relation: question.Permission, Subject: question.Subject,
			},
		}}}
		written, err := v1.NewPermissionsServiceClient(server).WriteRelationships(context.Background(), request)
		if err != nil {
			return err
		}
		fmt.Println(written.WrittenAt.Token)
		return nil
	})
}

// calling is a command of three words that makes one call, with the flags of all.
func calling(use string, call func(server *grpc.ClientConn, words []string) error) *cobra.Command {
	settings := connection.Settings{Token: os.Getenv("ZED_TOKEN")}
	command := &cobra.Command{Use: use, Args: cobra.ExactArgs(3)}
	flags := command.Flags()
	flags.StringVar(&settings.Endpoint, "endpoint", "", "host:port")
	flags.BoolVar(&settings.Insecure, "insecure", false, "plaintext")
	authority := flags.String("certificate-path", "", "file with certificates to verify the server with")
	retries := flags.Uint("max-retries", 10, "0: try once; more is not offered here")
	flags.Bool("skip-version-check", false, "this stand-in checks none")
	_ = command.MarkFlagRequired("endpoint")
	command.RunE = func(_ *cobra.Command, words []string) error {
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
		server, err := settings.Open()
		if err != nil {
			return err
		}
		defer server.Close()
		return call(server, words)
	}
	return command
}
