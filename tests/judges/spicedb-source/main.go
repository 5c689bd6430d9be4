// Command spicedb-source reads the source of one SpiceDB version and prints, as JSON, what the program itself would say:
// every flag of `serve` and `datastore migrate`, in the form of ../flags/main.go, and the migrations of each datastore, oldest
// first. It compiles nothing: it follows the functions that set up the commands, statement by statement. What it does
// not understand is an error wherever a flag could depend on it.
//
// Usage: spicedb-source <version> <import path>=<folder>…
// The first module is SpiceDB's; others are those that add flags, too.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

// Inventory is what one SpiceDB version accepts. Default values are not read.
type Inventory struct {
	Version    string              `json:"version"`
	Commands   map[string][]Flag   `json:"commands"`
	Migrations map[string][]string `json:"migrations"`
}

// Flag is one flag of one command. Type is pflag's name of it.
type Flag struct {
	Name       string `json:"name"`
	Env        string `json:"env"`
	Type       string `json:"type"`
	Persistent bool   `json:"persistent"`
	Hidden     bool   `json:"hidden"`
	Deprecated string `json:"deprecated"`
}

func main() {
	inventory, err := read(os.Args[1:])
	if err == nil {
		encoder := json.NewEncoder(os.Stdout)
		encoder.SetEscapeHTML(false)
		err = encoder.Encode(inventory)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "spicedb-source:", err)
		os.Exit(1)
	}
}

func read(arguments []string) (*Inventory, error) {
	if len(arguments) < 2 {
		return nil, errors.New("usage: spicedb-source <version> <import path>=<folder>…")
	}
	program := &program{packages: map[string]*sourcePackage{}}
	for _, argument := range arguments[1:] {
		path, folder, found := strings.Cut(argument, "=")
		if !found {
			return nil, fmt.Errorf("%q is not <import path>=<folder>", argument)
		}
		program.modules = append(program.modules, module{path, folder})
	}
	root, err := program.rootCommand()
	if err != nil {
		return nil, err
	}
	inventory := &Inventory{Version: arguments[0], Commands: map[string][]Flag{}}
	for _, path := range [][]string{{"serve"}, {"datastore", "migrate"}} {
		flags, err := root.flagsOf(path)
		if err != nil {
			return nil, err
		}
		inventory.Commands[path[len(path)-1]] = flags
	}
	inventory.Migrations, err = program.migrations()
	return inventory, err
}

// flagsOf is the flags of a command below this one, those that it inherits included, by name.
func (c *command) flagsOf(path []string) ([]Flag, error) {
	sets := []*flagSet{c.persistent}
	at := c
	for _, name := range path {
		index := slices.IndexFunc(at.children, func(child *command) bool { return child.name() == name })
		if index < 0 {
			return nil, fmt.Errorf("no command %q", strings.Join(path, " "))
		}
		at = at.children[index]
		sets = append(sets, at.persistent)
	}
	known := map[string]Flag{}
	for index, set := range append(sets, at.local) {
		for _, added := range set.flags {
			known[added.name] = Flag{
				Name:       added.name,
				Env:        strings.ToUpper(strings.ReplaceAll(c.name()+"_"+added.name, "-", "_")),
				Type:       added.kind,
				Persistent: index < len(path),
				Hidden:     added.hidden,
				Deprecated: added.deprecated,
			}
		}
	}
	flags := make([]Flag, 0, len(known))
	for _, flag := range known {
		flags = append(flags, flag)
	}
	slices.SortFunc(flags, func(a, b Flag) int { return strings.Compare(a.Name, b.Name) })
	return flags, nil
}
