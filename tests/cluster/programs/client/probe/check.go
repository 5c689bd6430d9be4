package main

import (
	"context"
	"strconv"
	"strings"
	"time"

	v1 "github.com/authzed/authzed-go/proto/authzed/api/v1"
	"github.com/spf13/cobra"
	rpc "google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/grpc/status"

	"programs/client/connection"
)

func check() *cobra.Command {
	command := &cobra.Command{
		Use:   "check <resource> <permission> <subject>",
		Short: "Ask SpiceDB for a permission, each time over a connection of its own; {} in the resource is the time's number.",
		Args:  cobra.ExactArgs(3),
	}
	settings := connectionFlags(command)
	timeout := timeoutFlag(command)
	times := command.Flags().Int("times", 1, "asks this often")
	command.RunE = func(_ *cobra.Command, words []string) error {
		answers, errors := map[string]int{}, map[string]int{}
		for number := range *times {
			question, err := connection.Question(numbered(words[0], number), words[1], words[2])
			if err != nil {
				return err
			}
			question.Consistency = fully
			answer, err := ask(*settings, *timeout, question)
			if err != nil {
				errors[code(err)+": "+status.Convert(err).Message()]++
				continue
			}
			answers[strconv.FormatBool(connection.Allowed(answer))]++
		}
		return say(map[string]any{"answers": answers, "errors": errors})
	}
	return command
}

var fully = &v1.Consistency{Requirement: &v1.Consistency_FullyConsistent{FullyConsistent: true}}

func ask(settings connection.Settings, timeout time.Duration, question *v1.CheckPermissionRequest) (*v1.CheckPermissionResponse, error) {
	server, err := settings.Open()
	if err != nil {
		return nil, err
	}
	defer server.Close()
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return v1.NewPermissionsServiceClient(server).CheckPermission(ctx, question)
}

func connectionFlags(command *cobra.Command) *connection.Settings {
	settings := &connection.Settings{}
	flags := command.Flags()
	flags.StringVar(&settings.Endpoint, "endpoint", "", "host:port")
	flags.StringVar(&settings.Token, "token", "", "preshared key")
	flags.BoolVar(&settings.Insecure, "insecure", false, "plaintext")
	flags.StringVar(&settings.Authority, "authority", "", "certificates to verify the server with, in PEM")
	_ = command.MarkFlagRequired("endpoint")
	return settings
}

// code is gRPC's name of an error's code as the wire has it, such as UNAVAILABLE.
func code(err error) string {
	return rpc.Code(status.Code(err)).String()
}

func numbered(text string, number int) string {
	return strings.ReplaceAll(text, "{}", strconv.Itoa(number))
}
