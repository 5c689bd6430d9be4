package main

import (
	"go/ast"
	"go/token"
	"slices"
)

const deepest = 60

// ended is how a block ends: by a return with values, by break or continue, or at its last statement.
type ended int

const (
	atEnd ended = iota
	byReturn
	byJump
)

func (e *evaluation) callExpression(at *ast.CallExpr, scope *scope) []value {
	if selector, ok := at.Fun.(*ast.SelectorExpr); ok {
		if name, ok := selector.X.(*ast.Ident); !ok || scope.where(name.Name) != nil || scope.imports[name.Name] == "" {
			return e.callMethod(at, selector, scope)
		}
	}
	called := e.one(at.Fun, scope)
	if called == (stranger{"github.com/jzelinskie/cobrautil/v2", "NewNamedFlagSets"}) {
		e.program.fail(at, "cobrautil as a stranger")
	}
	arguments := e.arguments(at, scope)
	switch called := called.(type) {
	case *closure:
		return e.callClosure(at, called, nil, arguments)
	case stranger:
		return e.callStranger(at, called, arguments)
	}
	return e.callBuiltin(at, arguments, scope)
}

func (e *evaluation) callBuiltin(at *ast.CallExpr, arguments []value, scope *scope) []value {
	if name, ok := at.Fun.(*ast.Ident); ok && len(arguments) > 0 {
		switch name.Name {
		case "string":
			return arguments
		case "new":
			return []value{e.zero(at.Args[0], scope)}
		case "append":
			if list, ok := arguments[0].([]value); ok {
				return []value{append(slices.Clone(list), arguments[1:]...)}
			}
		}
	}
	if slices.ContainsFunc(arguments, carriesFlags) {
		e.program.fail(at, "a call of what is not known, with a command or flags")
	}
	return []value{unknown{}}
}

func (e *evaluation) callMethod(at *ast.CallExpr, selector *ast.SelectorExpr, scope *scope) []value {
	method := selector.Sel.Name
	switch owner := e.one(selector.X, scope).(type) {
	case *command:
		return e.commandMethod(at, owner, method, scope)
	case *flagSet:
		return e.flagMethod(at, owner, method, scope)
	case *namedSets:
		if method == "FlagSet" {
			return []value{owner.of.local}
		}
		if method == "AddFlagSets" {
			return nil
		}
		e.program.fail(at, "the method %s of named sets of flags", method)
	case *object:
		if field, ok := owner.fields[method].(*closure); ok {
			return e.callClosure(at, field, nil, e.arguments(at, scope))
		}
		if declared, ok := owner.of.functions[owner.kind+"."+method]; ok {
			return e.callClosure(at, owner.of.closure(declared), owner, e.arguments(at, scope))
		}
	}
	if slices.ContainsFunc(e.arguments(at, scope), carriesFlags) {
		e.program.fail(at, "the method %s of what is not known, with a command or flags", method)
	}
	return []value{unknown{}}
}

func (e *evaluation) arguments(at *ast.CallExpr, scope *scope) []value {
	if len(at.Args) == 1 && !at.Ellipsis.IsValid() {
		return e.all(at.Args[0], scope)
	}
	arguments := make([]value, 0, len(at.Args))
	for index, argument := range at.Args {
		given := e.one(argument, scope)
		if list, ok := given.([]value); ok && at.Ellipsis.IsValid() && index == len(at.Args)-1 {
			arguments = append(arguments, list...)
		} else {
			arguments = append(arguments, given)
		}
	}
	return arguments
}

// callClosure follows a function. One that is given neither a command nor flags can add none, nor can what it makes of
// them be anything but a value: where it cannot be followed, its value is unknown.
func (e *evaluation) callClosure(at ast.Node, called *closure, self *object, arguments []value) []value {
	var results []value
	follow := func() value {
		results = e.call(at, called, self, arguments...)
		return nil
	}
	carries := self != nil && carriesFlags(self) || slices.ContainsFunc(arguments, carriesFlags)
	if carries || called.scope.outer != nil || makesCommands(called.kind) {
		follow()
	} else if _, failed := e.tolerant(follow).(unknown); failed {
		return []value{unknown{}}
	}
	return results
}

func makesCommands(kind *ast.FuncType) bool {
	if kind.Results == nil {
		return false
	}
	for _, result := range kind.Results.List {
		if pointer, ok := result.Type.(*ast.StarExpr); ok {
			if selector, ok := pointer.X.(*ast.SelectorExpr); ok && selector.Sel.Name == "Command" {
				return true
			}
		}
	}
	return false
}

func (e *evaluation) call(at ast.Node, called *closure, self any, arguments ...value) []value {
	if called.body == nil || e.depth > deepest {
		e.program.fail(at, "a function without a body, or too deep a call")
	}
	if called.scope.of.path == "github.com/jzelinskie/cobrautil/v2" && len(arguments) == 1 {
		if of, ok := arguments[0].(*command); ok && called.kind.Results != nil && len(called.kind.Results.List) == 1 {
			if pointer, ok := called.kind.Results.List[0].Type.(*ast.StarExpr); ok {
				if name, ok := pointer.X.(*ast.Ident); ok && name.Name == "NamedFlagSets" {
					return []value{&namedSets{of}}
				}
			}
		}
	}
	inside := called.scope.inner()
	if owner, ok := self.(*object); ok && owner != nil && called.self != "" {
		inside.names[called.self] = owner
	}
	position := 0
	for _, parameter := range called.kind.Params.List {
		_, rest := parameter.Type.(*ast.Ellipsis)
		for _, name := range parameter.Names {
			if rest {
				inside.names[name.Name] = append([]value{}, arguments[min(position, len(arguments)):]...)
			} else if position < len(arguments) {
				inside.names[name.Name] = arguments[position]
			} else {
				inside.names[name.Name] = unknown{}
			}
			position++
		}
	}
	if called.kind.Results != nil {
		for _, result := range called.kind.Results.List {
			for _, name := range result.Names {
				inside.names[name.Name] = e.zero(result.Type, inside)
			}
		}
	}
	e.depth++
	_, results := e.block(called.body.List, inside)
	e.depth--
	return results
}

func (e *evaluation) block(statements []ast.Stmt, scope *scope) (ended, []value) {
	for _, statement := range statements {
		if how, results := e.statement(statement, scope); how != atEnd {
			return how, results
		}
	}
	return atEnd, nil
}

func (e *evaluation) statement(statement ast.Stmt, scope *scope) (ended, []value) {
	switch statement := statement.(type) {
	case *ast.ExprStmt:
		e.all(statement.X, scope)
	case *ast.DeferStmt:
		if slices.ContainsFunc(e.arguments(statement.Call, scope), carriesFlags) {
			e.program.fail(statement, "a deferred call with a command or flags")
		}
	case *ast.AssignStmt:
		e.assign(statement, scope)
	case *ast.DeclStmt:
		e.declaration(statement, scope)
	case *ast.BlockStmt:
		return e.block(statement.List, scope.inner())
	case *ast.ReturnStmt:
		if len(statement.Results) == 1 {
			return byReturn, e.all(statement.Results[0], scope)
		}
		results := []value{}
		for _, result := range statement.Results {
			results = append(results, e.one(result, scope))
		}
		return byReturn, results
	case *ast.IfStmt:
		return e.branch(statement, scope)
	case *ast.RangeStmt:
		return e.loop(statement, scope)
	case *ast.BranchStmt:
		return byJump, nil
	case *ast.IncDecStmt, *ast.EmptyStmt:
	default:
		e.program.fail(statement, "a statement of this kind, %T", statement)
	}
	return atEnd, nil
}

func (e *evaluation) branch(statement *ast.IfStmt, outer *scope) (ended, []value) {
	inside := outer.inner()
	if statement.Init != nil {
		e.statement(statement.Init, inside)
	}
	holds, known := e.one(statement.Cond, inside).(bool)
	if !known {
		e.skip(statement, inside)
		return atEnd, nil
	}
	if holds {
		return e.block(statement.Body.List, inside.inner())
	}
	if statement.Else != nil {
		return e.statement(statement.Else, inside)
	}
	return atEnd, nil
}

// skip passes over a branch that may or may not be taken, if that makes no difference: it ends nothing, assigns nothing
// and mentions no command and no flags.
func (e *evaluation) skip(statement *ast.IfStmt, scope *scope) {
	ast.Inspect(statement, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.ReturnStmt, *ast.BranchStmt, *ast.IncDecStmt:
			e.program.fail(statement, "a condition that cannot be told")
		case *ast.AssignStmt:
			if node != statement.Init {
				e.program.fail(statement, "a condition that cannot be told")
			}
		case *ast.Ident:
			if at := scope.where(node.Name); at != nil && carriesFlags(at.names[node.Name]) {
				e.program.fail(statement, "a condition that cannot be told")
			}
		}
		return true
	})
}

func (e *evaluation) loop(statement *ast.RangeStmt, outer *scope) (ended, []value) {
	list, known := e.one(statement.X, outer).([]value)
	if !known {
		e.program.fail(statement, "a loop over what cannot be told")
	}
	for _, element := range list {
		inside := outer.inner()
		if name, ok := statement.Value.(*ast.Ident); ok {
			inside.names[name.Name] = element
		}
		if name, ok := statement.Key.(*ast.Ident); ok {
			inside.names[name.Name] = unknown{}
		}
		how, results := e.block(statement.Body.List, inside)
		if how == byReturn {
			return how, results
		}
		if how == byJump {
			e.program.fail(statement, "a jump in a loop")
		}
	}
	return atEnd, nil
}

func (e *evaluation) assign(statement *ast.AssignStmt, scope *scope) {
	var values []value
	if len(statement.Rhs) == 1 {
		values = e.all(statement.Rhs[0], scope)
	} else {
		for _, expression := range statement.Rhs {
			values = append(values, e.one(expression, scope))
		}
	}
	for index, target := range statement.Lhs {
		var assigned value = unknown{}
		if index < len(values) {
			assigned = values[index]
		}
		if statement.Tok == token.ADD_ASSIGN {
			assigned = e.binary(&ast.BinaryExpr{X: target, Op: token.ADD, Y: statement.Rhs[0]}, scope)
		}
		switch target := target.(type) {
		case *ast.Ident:
			at := scope.where(target.Name)
			if statement.Tok == token.DEFINE && scope.names[target.Name] == nil || at == nil {
				at = scope
			}
			at.names[target.Name] = assigned
		case *ast.SelectorExpr:
			e.setField(target, assigned, scope)
		}
	}
}

func (e *evaluation) setField(target *ast.SelectorExpr, assigned value, scope *scope) {
	switch owner := e.one(target.X, scope).(type) {
	case *object:
		owner.fields[target.Sel.Name] = assigned
	case *flag:
		switch hidden, known := assigned.(bool); {
		case target.Sel.Name == "Hidden" && known:
			owner.hidden = hidden
		case target.Sel.Name != "Usage" && target.Sel.Name != "DefValue" && target.Sel.Name != "NoOptDefVal":
			e.program.fail(target, "a change of a flag's %s", target.Sel.Name)
		}
	case *command:
		if target.Sel.Name == "Use" {
			e.program.fail(target, "a change of a command's name")
		}
	}
}

func (e *evaluation) declaration(statement *ast.DeclStmt, scope *scope) {
	for _, spec := range statement.Decl.(*ast.GenDecl).Specs {
		spec, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		for index, name := range spec.Names {
			if index < len(spec.Values) {
				scope.names[name.Name] = e.one(spec.Values[index], scope)
			} else {
				scope.names[name.Name] = e.zero(spec.Type, scope)
			}
		}
	}
}

// zero is the value of a variable that nothing was assigned to.
func (e *evaluation) zero(kind ast.Expr, scope *scope) value {
	switch kind := kind.(type) {
	case *ast.StarExpr, *ast.ArrayType, *ast.MapType, *ast.FuncType, *ast.InterfaceType:
		return nil
	case *ast.Ident:
		switch kind.Name {
		case "string":
			return ""
		case "bool":
			return false
		case "error":
			return nil
		}
		return e.newObject(kind.Name, scope.of, &ast.CompositeLit{}, scope)
	case *ast.SelectorExpr:
		return e.composite(&ast.CompositeLit{Type: kind}, scope)
	}
	return unknown{}
}
