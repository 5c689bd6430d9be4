package main

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
)

var engines = map[string]string{"cockroachdb": "crdb", "mysql": "mysql", "postgres": "postgres", "spanner": "spanner"}

// migrations is, for each datastore, its migrations in order; the last one is what `datastore head` says.
func (p *program) migrations() (all map[string][]string, err error) {
	defer func() {
		if problem, ok := recover().(misunderstood); ok {
			all, err = nil, fmt.Errorf("cannot follow %s", string(problem))
		}
	}()
	all = map[string][]string{}
	for engine, folder := range engines {
		of := p.load(p.modules[0].path + "/internal/datastore/" + folder + "/migrations")
		if of == nil {
			return nil, fmt.Errorf("there are no migrations of %s", engine)
		}
		all[engine], err = inOrder(p.registered(of))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", engine, err)
		}
	}
	return all, nil
}

// registered is each migration with the one that it replaces, from the calls that register them when the package starts.
func (p *program) registered(of *sourcePackage) map[string]string {
	made := &evaluation{program: p}
	replaces := map[string]string{}
	for _, function := range of.inits {
		scope := of.scope(function.imports)
		ast.Inspect(function.node, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok || !registers(call) {
				return true
			}
			var texts []string
			for _, argument := range call.Args {
				if text, ok := made.one(argument, scope).(string); ok {
					texts = append(texts, text)
				}
			}
			if len(texts) != 2 {
				p.fail(call, "a migration that does not say its name and the one before it, and nothing else")
			}
			name, before := texts[0], texts[1]
			if _, twice := replaces[name]; twice {
				p.fail(call, "a second migration %q", name)
			}
			replaces[name] = before
			return true
		})
	}
	return replaces
}

func registers(call *ast.CallExpr) bool {
	name := ""
	switch called := call.Fun.(type) {
	case *ast.Ident:
		name = called.Name
	case *ast.SelectorExpr:
		name = called.Sel.Name
	}
	return strings.Contains(strings.ToLower(name), "register") && len(call.Args) >= 2
}

func inOrder(replaces map[string]string) ([]string, error) {
	replaced := map[string]string{}
	for name, before := range replaces {
		if other, twice := replaced[before]; twice {
			return nil, fmt.Errorf("%q and %q both replace %q", name, other, before)
		}
		replaced[before] = name
	}
	var order []string
	for name := replaced[""]; name != "" && !slices.Contains(order, name); name = replaced[name] {
		order = append(order, name)
	}
	if len(order) == 0 || len(order) != len(replaces) {
		return nil, fmt.Errorf("%d of %d migrations follow one another", len(order), len(replaces))
	}
	return order, nil
}
