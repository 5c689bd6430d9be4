package main

import (
	"go/ast"
	"regexp"
	"strings"
)

// What cobra and pflag do to commands and flags, as far as their names and types go.

type command struct {
	use               string
	local, persistent *flagSet
	children          []*command
}

func (c *command) name() string {
	name, _, _ := strings.Cut(c.use, " ")
	return name
}

type flagSet struct{ flags []*flag }

type flag struct {
	name, kind, deprecated string
	hidden                 bool
}

// namedSets is cobrautil's: sets of flags with a heading each, which all become those of the command.
type namedSets struct{ of *command }

// adders are pflag's methods that add a flag: StringVar, BoolP, …. Var alone takes the value's own type.
var adders = regexp.MustCompile(`^([A-Z][A-Za-z0-9]*?)(Var)?(P)?$`)

var kinds = map[string]bool{
	"Bool": true, "BoolSlice": true, "Count": true, "Duration": true, "DurationSlice": true, "Float32": true, "Float64": true,
	"Int": true, "Int8": true, "Int16": true, "Int32": true, "Int64": true, "IntSlice": true, "String": true, "StringArray": true,
	"StringSlice": true, "StringToInt": true, "StringToString": true, "Uint": true, "Uint8": true, "Uint16": true, "Uint32": true,
	"Uint64": true, "UintSlice": true,
}

// harmless are methods that neither add a flag nor change its name, type or visibility.
var harmless = map[string]bool{
	"SetNormalizeFunc": true, "GetNormalizeFunc": true, "MarkShorthandDeprecated": true, "SortFlags": true, "SetAnnotation": true,
	"MarkFlagRequired": true, "MarkPersistentFlagRequired": true, "SetFlagErrorFunc": true, "RegisterFlagCompletionFunc": true,
	"MarkFlagsMutuallyExclusive": true, "MarkFlagFilename": true, "AddFlagSets": true, "Execute": true, "ExecuteContext": true,
	"SetUsageFunc": true, "SetHelpFunc": true, "SetUsageTemplate": true, "SetHelpTemplate": true, "SetContext": true,
}

func (e *evaluation) commandMethod(at *ast.CallExpr, of *command, name string, scope *scope) []value {
	switch name {
	case "Flags", "LocalFlags":
		return []value{of.local}
	case "PersistentFlags":
		return []value{of.persistent}
	case "AddCommand":
		for _, argument := range at.Args {
			child, ok := e.one(argument, scope).(*command)
			if !ok {
				e.program.fail(at, "AddCommand of what is no command")
			}
			of.children = append(of.children, child)
		}
		return nil
	}
	if !harmless[name] {
		e.program.fail(at, "a command's method %s", name)
	}
	return []value{nil}
}

func (e *evaluation) flagMethod(at *ast.CallExpr, set *flagSet, name string, scope *scope) []value {
	switch name {
	case "MarkHidden", "MarkDeprecated":
		marked := set.lookup(e.text(at, 0, scope))
		if marked == nil {
			e.program.fail(at, "%s of a flag that is not there", name)
		}
		// pflag hides what is deprecated.
		marked.hidden = true
		if name == "MarkDeprecated" {
			marked.deprecated = e.text(at, 1, scope)
		}
		return []value{nil}
	case "Lookup":
		if found := set.lookup(e.text(at, 0, scope)); found != nil {
			return []value{found}
		}
		return []value{nil}
	case "AddFlagSet":
		added, ok := e.one(at.Args[0], scope).(*flagSet)
		if !ok {
			e.program.fail(at, "AddFlagSet of what is no set of flags")
		}
		for _, flag := range added.flags {
			if set.lookup(flag.name) == nil {
				set.flags = append(set.flags, flag)
			}
		}
		return nil
	}
	if harmless[name] {
		return []value{nil}
	}
	parts := adders.FindStringSubmatch(name)
	if parts == nil || !kinds[parts[1]] {
		e.program.fail(at, "a set of flags' method %s", name)
	}
	position := 0
	if parts[2] != "" {
		position = 1
	}
	kind := strings.ToLower(parts[1][:1]) + parts[1][1:]
	added := &flag{name: e.text(at, position, scope), kind: kind}
	if set.lookup(added.name) != nil {
		e.program.fail(at, "a second flag %q", added.name)
	}
	set.flags = append(set.flags, added)
	return []value{unknown{}}
}

func (s *flagSet) lookup(name string) *flag {
	for _, flag := range s.flags {
		if flag.name == name {
			return flag
		}
	}
	return nil
}

// text is an argument that must be a known text: a flag depends on it.
func (e *evaluation) text(at *ast.CallExpr, position int, scope *scope) string {
	if position < len(at.Args) {
		if text, ok := e.one(at.Args[position], scope).(string); ok {
			return text
		}
	}
	e.program.fail(at, "a text that cannot be told")
	return ""
}
