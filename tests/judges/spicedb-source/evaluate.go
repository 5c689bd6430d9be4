package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// value is what an expression comes to: a text, a bool, an int64, nil, a list, an object, a closure, something of commands.go,
// or unknown. A pointer is what it points to.
type value any

type unknown struct{}

type object struct {
	kind   string
	of     *sourcePackage
	fields map[string]value
}

// closure is a function of the source with the scope that it was made in.
type closure struct {
	kind  *ast.FuncType
	body  *ast.BlockStmt
	scope *scope
	self  string
}

// stranger is a name of a package whose source is not followed.
type stranger struct{ path, name string }

type scope struct {
	names   map[string]value
	outer   *scope
	of      *sourcePackage
	imports map[string]string
}

func (s *scope) inner() *scope { return &scope{map[string]value{}, s, s.of, s.imports} }

func (s *scope) where(name string) *scope {
	for at := s; at != nil; at = at.outer {
		if _, ok := at.names[name]; ok {
			return at
		}
	}
	return nil
}

type evaluation struct {
	program  *program
	commands []*command
	depth    int
}

func (s *sourcePackage) scope(imports map[string]string) *scope {
	return &scope{map[string]value{}, nil, s, imports}
}

func (s *sourcePackage) closure(function declared[*ast.FuncDecl]) *closure {
	made := &closure{kind: function.node.Type, body: function.node.Body, scope: s.scope(function.imports)}
	if function.node.Recv != nil && len(function.node.Recv.List[0].Names) > 0 {
		made.self = function.node.Recv.List[0].Names[0].Name
	}
	return made
}

// one is the first value of an expression.
func (e *evaluation) one(expression ast.Expr, scope *scope) value {
	values := e.all(expression, scope)
	if len(values) == 0 {
		return unknown{}
	}
	return values[0]
}

func (e *evaluation) all(expression ast.Expr, scope *scope) []value {
	if call, ok := expression.(*ast.CallExpr); ok {
		return e.callExpression(call, scope)
	}
	return []value{e.simple(expression, scope)}
}

func (e *evaluation) simple(expression ast.Expr, scope *scope) value {
	switch expression := expression.(type) {
	case *ast.BasicLit:
		return literal(expression)
	case *ast.Ident:
		return e.name(expression.Name, scope)
	case *ast.ParenExpr:
		return e.one(expression.X, scope)
	case *ast.StarExpr:
		return e.one(expression.X, scope)
	case *ast.UnaryExpr:
		operand := e.one(expression.X, scope)
		if truth, ok := operand.(bool); ok && expression.Op == token.NOT {
			return !truth
		}
		if expression.Op == token.AND {
			return operand
		}
	case *ast.BinaryExpr:
		return e.binary(expression, scope)
	case *ast.SelectorExpr:
		return e.selector(expression, scope)
	case *ast.FuncLit:
		return &closure{kind: expression.Type, body: expression.Body, scope: scope}
	case *ast.CompositeLit:
		return e.composite(expression, scope)
	}
	return unknown{}
}

func literal(expression *ast.BasicLit) value {
	switch expression.Kind {
	case token.STRING:
		if text, err := strconv.Unquote(expression.Value); err == nil {
			return text
		}
	case token.INT:
		if number, err := strconv.ParseInt(expression.Value, 0, 64); err == nil {
			return number
		}
	}
	return unknown{}
}

func (e *evaluation) name(name string, scope *scope) value {
	if at := scope.where(name); at != nil {
		return at.names[name]
	}
	switch name {
	case "true", "false":
		return name == "true"
	case "nil":
		return nil
	}
	return e.member(scope.of, name)
}

// member is a package's variable, constant or function.
func (e *evaluation) member(of *sourcePackage, name string) value {
	if known, ok := of.known[name]; ok {
		return known
	}
	if function, ok := of.functions[name]; ok {
		return of.closure(function)
	}
	declared, ok := of.values[name]
	if !ok {
		return unknown{}
	}
	of.known[name] = unknown{}
	of.known[name] = e.tolerant(func() value { return e.one(declared.node, of.scope(declared.imports)) })
	return of.known[name]
}

// tolerant takes what cannot be followed for unknown: only for what can add no flag.
func (e *evaluation) tolerant(action func() value) (result value) {
	depth := e.depth
	defer func() {
		if problem := recover(); problem != nil {
			if _, ok := problem.(misunderstood); !ok {
				panic(problem)
			}
			e.depth, result = depth, unknown{}
		}
	}()
	return action()
}

func (e *evaluation) selector(expression *ast.SelectorExpr, scope *scope) value {
	if name, ok := expression.X.(*ast.Ident); ok && scope.where(name.Name) == nil {
		if importPath, ok := scope.imports[name.Name]; ok {
			if of := e.program.load(importPath); of != nil {
				return e.member(of, expression.Sel.Name)
			}
			return stranger{importPath, expression.Sel.Name}
		}
	}
	switch owner := e.one(expression.X, scope).(type) {
	case *object:
		if field, ok := owner.fields[expression.Sel.Name]; ok {
			return field
		}
	case *command:
		if expression.Sel.Name == "Use" {
			return owner.use
		}
	}
	return unknown{}
}

func (e *evaluation) binary(expression *ast.BinaryExpr, scope *scope) value {
	left, right := e.one(expression.X, scope), e.one(expression.Y, scope)
	switch expression.Op {
	case token.ADD:
		if a, ok := left.(string); ok {
			if b, ok := right.(string); ok {
				return a + b
			}
		}
	case token.EQL, token.NEQ:
		if same, known := equal(left, right); known {
			return same == (expression.Op == token.EQL)
		}
		// What strangers return beside their results is taken for no error.
		if name, ok := expression.X.(*ast.Ident); ok && right == nil && strings.HasSuffix(strings.ToLower(name.Name), "err") {
			return expression.Op == token.EQL
		}
	case token.LAND, token.LOR:
		a, knownLeft := left.(bool)
		b, knownRight := right.(bool)
		decisive := expression.Op == token.LOR
		if knownLeft && a == decisive || knownRight && b == decisive {
			return decisive
		}
		if knownLeft && knownRight {
			return !decisive
		}
	}
	return unknown{}
}

func equal(left, right value) (same, known bool) {
	for _, side := range []value{left, right} {
		switch side.(type) {
		case unknown, stranger, []value, *closure:
			return false, false
		}
	}
	return left == right, true
}

func (e *evaluation) composite(expression *ast.CompositeLit, scope *scope) value {
	switch kind := expression.Type.(type) {
	case *ast.ArrayType:
		list := []value{}
		for _, element := range expression.Elts {
			list = append(list, e.one(element, scope))
		}
		return list
	case *ast.SelectorExpr:
		if name, ok := kind.X.(*ast.Ident); ok {
			importPath := scope.imports[name.Name]
			if importPath == "github.com/spf13/cobra" && kind.Sel.Name == "Command" {
				return e.newCommand(expression, scope)
			}
			return e.newObject(kind.Sel.Name, e.program.load(importPath), expression, scope)
		}
	case *ast.Ident:
		return e.newObject(kind.Name, scope.of, expression, scope)
	}
	return unknown{}
}

func (e *evaluation) newCommand(expression *ast.CompositeLit, scope *scope) value {
	made := &command{local: &flagSet{}, persistent: &flagSet{}}
	for _, element := range expression.Elts {
		field := element.(*ast.KeyValueExpr)
		if field.Key.(*ast.Ident).Name == "Use" {
			use, ok := e.one(field.Value, scope).(string)
			if !ok {
				e.program.fail(element, "a command without a name that can be told")
			}
			made.use = use
		}
	}
	e.commands = append(e.commands, made)
	return made
}

func (e *evaluation) newObject(kind string, of *sourcePackage, expression *ast.CompositeLit, scope *scope) value {
	if of == nil || !of.structs[kind] {
		return unknown{}
	}
	made := &object{kind, of, map[string]value{}}
	for _, element := range expression.Elts {
		if field, ok := element.(*ast.KeyValueExpr); ok {
			made.fields[field.Key.(*ast.Ident).Name] = e.one(field.Value, scope)
		}
	}
	return made
}

// callStranger is what packages outside the modules do, where a name or a flag can depend on it.
func (e *evaluation) callStranger(at *ast.CallExpr, called stranger, arguments []value) []value {
	texts := make([]string, 0, len(arguments))
	for _, argument := range arguments {
		if text, ok := argument.(string); ok {
			texts = append(texts, text)
		}
	}
	known := len(texts) == len(arguments)
	switch called {
	case stranger{"fmt", "Sprintf"}:
		if known {
			rest := make([]any, len(texts)-1)
			for index, text := range texts[1:] {
				rest[index] = text
			}
			return []value{fmt.Sprintf(texts[0], rest...)}
		}
	case stranger{"strings", "ReplaceAll"}:
		if known {
			return []value{strings.ReplaceAll(texts[0], texts[1], texts[2])}
		}
	case stranger{"cmp", "Or"}, stranger{"github.com/jzelinskie/stringz", "DefaultEmpty"}:
		if index := slices.IndexFunc(texts, func(text string) bool { return text != "" }); known && index >= 0 {
			return []value{texts[index]}
		}
	case stranger{"github.com/jzelinskie/stringz", "Join"}:
		if known {
			return []value{strings.Join(slices.DeleteFunc(texts[1:], func(text string) bool { return text == "" }), texts[0])}
		}
	case stranger{"github.com/spf13/cobra", "MarkFlagRequired"}:
		return []value{nil}
	}
	if slices.ContainsFunc(arguments, carriesFlags) {
		e.program.fail(at, "%s.%s, which is given a command or flags", called.path, called.name)
	}
	return []value{unknown{}}
}

// carriesFlags is whether a function that is given this could add or change a flag.
func carriesFlags(given value) bool {
	switch given := given.(type) {
	case *command, *flagSet, *flag, *namedSets:
		return true
	case *closure:
		// A function within another may know its flags.
		return given.scope.outer != nil
	case []value:
		return slices.ContainsFunc(given, carriesFlags)
	case *object:
		for _, field := range given.fields {
			if carriesFlags(field) {
				return true
			}
		}
	}
	return false
}
