// Command flags prints, as JSON, every flag that SpiceDB's own commands `serve` and `datastore migrate` accept,
// hidden and deprecated ones included, with the environment variable that each is read from.
//
// It has no module of its own: it is built inside the module of each SpiceDB version that the inventory covers.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/authzed/spicedb/pkg/cmd"
)

const spicedb = "github.com/authzed/spicedb"

// Inventory is the flags of one SpiceDB version, those that the root command hands down included.
type Inventory struct {
	Version  string            `json:"version"`
	Commands map[string][]Flag `json:"commands"`
}

// Flag is one flag of one command. Type is pflag's name of it; Default is its text form.
type Flag struct {
	Name       string `json:"name"`
	Env        string `json:"env"`
	Type       string `json:"type"`
	Default    string `json:"default"`
	Persistent bool   `json:"persistent"`
	Hidden     bool   `json:"hidden"`
	Deprecated string `json:"deprecated"`
}

func main() {
	inventory, err := inventory()
	if err == nil {
		encoder := json.NewEncoder(os.Stdout)
		encoder.SetEscapeHTML(false)
		err = encoder.Encode(inventory)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "flags:", err)
		os.Exit(1)
	}
}

func inventory() (*Inventory, error) {
	version, err := builtVersion()
	if err != nil {
		return nil, err
	}
	root, err := cmd.BuildRootCommand()
	if err != nil {
		return nil, err
	}
	inventory := &Inventory{Version: version, Commands: map[string][]Flag{}}
	for _, path := range [][]string{{"serve"}, {"datastore", "migrate"}} {
		command, rest, err := root.Find(path)
		if err != nil {
			return nil, err
		}
		name := path[len(path)-1]
		if command.Name() != name || len(rest) > 0 {
			return nil, fmt.Errorf("SpiceDB %s has no command %q", version, strings.Join(path, " "))
		}
		inventory.Commands[name] = flagsOf(command, root.Name())
	}
	return inventory, nil
}

func builtVersion() (string, error) {
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, module := range build.Deps {
			if module.Path == spicedb {
				return module.Version, nil
			}
		}
	}
	return "", fmt.Errorf("the module %s is not in the build information", spicedb)
}

// flagsOf has no --help: cobra adds that one when it parses, and it does nothing from the environment.
func flagsOf(command *cobra.Command, program string) []Flag {
	var flags []Flag
	add := func(persistent bool) func(*pflag.Flag) {
		return func(flag *pflag.Flag) {
			flags = append(flags, Flag{
				Name:       flag.Name,
				Env:        strings.ToUpper(strings.ReplaceAll(program+"_"+flag.Name, "-", "_")),
				Type:       flag.Value.Type(),
				Default:    flag.DefValue,
				Persistent: persistent,
				Hidden:     flag.Hidden,
				Deprecated: flag.Deprecated,
			})
		}
	}
	command.NonInheritedFlags().VisitAll(add(false))
	command.InheritedFlags().VisitAll(add(true))
	slices.SortFunc(flags, func(a, b Flag) int { return strings.Compare(a.Name, b.Name) })
	return flags
}
