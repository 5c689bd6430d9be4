package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

const library = `package cmd

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const prefix = "the"

func BuildRootCommand() (*cobra.Command, error) {
	root := &cobra.Command{Use: "spicedb"}
	if err := register(root.PersistentFlags(), prefix); err != nil {
		return nil, fmt.Errorf("failed: %w", err)
	}
	datastore := &cobra.Command{Use: "datastore"}
	datastore.AddCommand(&cobra.Command{Use: "migrate [revision]"})
	serve := &cobra.Command{Use: "serve"}
	var old bool
	serve.Flags().BoolVar(&old, "old", false, "…")
	if err := serve.Flags().MarkDeprecated("old", "use new"); err != nil {
		return nil, err
	}
	EXTRA
	root.AddCommand(datastore, serve)
	return root, nil
}

func register(flags *pflag.FlagSet, prefix string) error {
	name := func(of string) string { return prefix + "-" + of }
	flags.DurationP(name("time"), "t", 0, "…")
	return nil
}
`

func reading(t *testing.T, extra string) (*command, error) {
	t.Helper()
	folder := t.TempDir()
	if err := os.MkdirAll(filepath.Join(folder, "pkg/cmd"), 0o755); err != nil {
		t.Fatal(err)
	}
	source := []byte(strings.Replace(library, "EXTRA", extra, 1))
	if err := os.WriteFile(filepath.Join(folder, "pkg/cmd/root.go"), source, 0o600); err != nil {
		t.Fatal(err)
	}
	read := &program{modules: []module{{"x/spicedb", folder}}, packages: map[string]*sourcePackage{}}
	return read.rootCommand()
}

func TestFlagsAreFollowedThroughFunctionsAndNames(t *testing.T) {
	root, err := reading(t, "")
	if err != nil {
		t.Fatal(err)
	}
	inherited := Flag{Name: "the-time", Env: "SPICEDB_THE_TIME", Type: "duration", Persistent: true}
	old := Flag{Name: "old", Env: "SPICEDB_OLD", Type: "bool", Hidden: true, Deprecated: "use new"}
	for path, expected := range map[string][]Flag{"serve": {old, inherited}, "datastore migrate": {inherited}} {
		if flags, err := root.flagsOf(strings.Fields(path)); err != nil || !reflect.DeepEqual(flags, expected) {
			t.Errorf("%s: %v, %v", path, flags, err)
		}
	}
}

func TestWhatIsNotUnderstoodIsAnErrorWhereAFlagMayDependOnIt(t *testing.T) {
	for _, extra := range []string{
		`serve.Flags().Bool(unheard.Of(), false, "…")`,
		`if unheard.Of() { serve.Flags().Bool("maybe", false, "…") }`,
		`for _, name := range unheard.Of() { serve.Flags().Bool(name, false, "…") }`,
		`unheard.Of(serve)`,
		`unheard.Of(func() { serve.Flags().Bool("later", false, "…") })`,
		`serve.Flags().Complex("new", 1i, "…")`,
		`serve.Flags().Bool("old", false, "…")`,
		`go register(serve.Flags(), "other")`,
	} {
		if root, err := reading(t, extra); err == nil {
			t.Errorf("%s: %v", extra, root)
		}
	}
}

func TestWhatIsNotUnderstoodIsPassedOverWhereNoFlagDependsOnIt(t *testing.T) {
	for _, extra := range []string{`unheard.Of("…")`, `if unheard.Of() { unheard.Say("…") }`, `defer unheard.Of()()`} {
		if _, err := reading(t, extra); err != nil {
			t.Errorf("%s: %v", extra, err)
		}
	}
}

func TestMigrationsFollowOneAnother(t *testing.T) {
	if order, err := inOrder(map[string]string{"b": "a", "a": "", "c": "b"}); err != nil || strings.Join(order, " ") != "a b c" {
		t.Error(order, err)
	}
	for _, replaces := range []map[string]string{{}, {"a": "", "c": "b"}, {"a": "", "b": ""}, {"b": "a", "a": "b"}} {
		if order, err := inOrder(replaces); err == nil {
			t.Error(replaces, order)
		}
	}
}
