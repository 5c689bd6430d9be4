package main

import (
	"os"

	"github.com/spf13/cobra"
)

func read() *cobra.Command {
	return &cobra.Command{
		Use:   "read <file>",
		Short: "Read a file, such as one under /proc.",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, words []string) error {
			content, err := os.ReadFile(words[0])
			return say(map[string]any{"content": string(content), "error": message(err)})
		},
	}
}

func write() *cobra.Command {
	return &cobra.Command{
		Use:   "write <file>",
		Short: "Try to write a file.",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, words []string) error {
			err := os.WriteFile(words[0], []byte("written\n"), 0o600)
			return say(map[string]any{"written": err == nil, "error": message(err)})
		},
	}
}
