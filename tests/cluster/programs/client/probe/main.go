// Looks at the cluster from inside it, for scenarios: each command answers with JSON, whether it found what it looked for or not.
package main

import (
	"encoding/json"
	"os"

	"github.com/spf13/cobra"
)

func main() {
	root := &cobra.Command{Use: "probe", SilenceUsage: true}
	root.AddCommand(serve(), get(), dial(), resolve(), read(), write(), check(), load())
	if root.Execute() != nil {
		os.Exit(2)
	}
}

func say(answer any) error {
	return json.NewEncoder(os.Stdout).Encode(answer)
}

// message is an error's text, empty where there is none.
func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
