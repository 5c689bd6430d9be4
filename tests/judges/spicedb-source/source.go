package main

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// program is the modules whose source is followed; all others are strangers.
type program struct {
	modules  []module
	packages map[string]*sourcePackage
	files    token.FileSet
}

type module struct{ path, folder string }

// sourcePackage is one folder of Go, its declarations by name; a method's name is Type.Method.
type sourcePackage struct {
	program   *program
	path      string
	functions map[string]declared[*ast.FuncDecl]
	values    map[string]declared[ast.Expr]
	structs   map[string]bool
	known     map[string]value
	inits     []declared[*ast.FuncDecl]
}

// declared is a declaration with the imports of the file that it stands in.
type declared[T any] struct {
	node    T
	imports map[string]string
}

// load is the package of an import path, or nil where it is a stranger's.
func (p *program) load(importPath string) *sourcePackage {
	if known, ok := p.packages[importPath]; ok {
		return known
	}
	var found *sourcePackage
	for _, module := range p.modules {
		if rest, ok := strings.CutPrefix(importPath, module.path); ok && (rest == "" || rest[0] == '/') {
			found = p.parse(importPath, filepath.Join(module.folder, filepath.FromSlash(rest)))
		}
	}
	p.packages[importPath] = found
	return found
}

func (p *program) parse(importPath, folder string) *sourcePackage {
	loaded := &sourcePackage{
		program:   p,
		path:      importPath,
		functions: map[string]declared[*ast.FuncDecl]{},
		values:    map[string]declared[ast.Expr]{},
		structs:   map[string]bool{},
		known:     map[string]value{},
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil
	}
	// As SpiceDB's own release is built.
	context := build.Context{GOOS: "linux", GOARCH: "amd64", Compiler: "gc", BuildTags: []string{"memoryprotection"}}
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		if matches, err := context.MatchFile(folder, name); err != nil || !matches {
			continue
		}
		file, err := parser.ParseFile(&p.files, filepath.Join(folder, name), nil, parser.SkipObjectResolution)
		if err != nil {
			panic(misunderstood(err.Error()))
		}
		loaded.declare(file)
	}
	return loaded
}

func (s *sourcePackage) declare(file *ast.File) {
	imports := map[string]string{}
	for _, spec := range file.Imports {
		importPath, _ := strconv.Unquote(spec.Path.Value)
		if spec.Name != nil {
			imports[spec.Name.Name] = importPath
		} else {
			imports[importedName(importPath)] = importPath
		}
	}
	for _, declaration := range file.Decls {
		switch declaration := declaration.(type) {
		case *ast.FuncDecl:
			if name := functionName(declaration); name == "init" {
				s.inits = append(s.inits, declared[*ast.FuncDecl]{declaration, imports})
			} else {
				s.functions[name] = declared[*ast.FuncDecl]{declaration, imports}
			}
		case *ast.GenDecl:
			s.declareAll(declaration, imports)
		}
	}
}

func (s *sourcePackage) declareAll(declaration *ast.GenDecl, imports map[string]string) {
	for _, spec := range declaration.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			_, s.structs[spec.Name.Name] = spec.Type.(*ast.StructType)
		case *ast.ValueSpec:
			for index, name := range spec.Names {
				if index < len(spec.Values) {
					s.values[name.Name] = declared[ast.Expr]{spec.Values[index], imports}
				}
			}
		}
	}
}

// importedName is the name that an import gets by itself; a last element such as v2 is no name.
func importedName(importPath string) string {
	name := path.Base(importPath)
	if len(name) > 1 && name[0] == 'v' && strings.Trim(name[1:], "0123456789") == "" {
		name = path.Base(path.Dir(importPath))
	}
	return name
}

func functionName(function *ast.FuncDecl) string {
	if function.Recv == nil {
		return function.Name.Name
	}
	kind := function.Recv.List[0].Type
	if pointer, ok := kind.(*ast.StarExpr); ok {
		kind = pointer.X
	}
	if generic, ok := kind.(*ast.IndexExpr); ok {
		kind = generic.X
	}
	if name, ok := kind.(*ast.Ident); ok {
		return name.Name + "." + function.Name.Name
	}
	return "?." + function.Name.Name
}

// misunderstood is what the reader does not know how to follow.
type misunderstood string

func (p *program) fail(at ast.Node, format string, arguments ...any) {
	position := p.files.Position(at.Pos())
	panic(misunderstood(fmt.Sprintf("%s:%d: ", position.Filename, position.Line) + fmt.Sprintf(format, arguments...)))
}

// rootCommand follows what builds the command tree: a function of pkg/cmd, or main itself in older versions.
func (p *program) rootCommand() (root *command, err error) {
	defer func() {
		if problem, ok := recover().(misunderstood); ok {
			root, err = nil, fmt.Errorf("cannot follow %s", string(problem))
		}
	}()
	spicedb := p.modules[0].path
	made := &evaluation{program: p}
	if library := p.load(spicedb + "/pkg/cmd"); library != nil {
		if builder, ok := library.functions["BuildRootCommand"]; ok {
			made.call(builder.node, library.closure(builder), nil)
			return made.root()
		}
	}
	main := p.load(spicedb + "/cmd/spicedb")
	if main == nil {
		return nil, fmt.Errorf("%s has no cmd/spicedb", p.modules[0].folder)
	}
	made.call(main.functions["main"].node, main.closure(main.functions["main"]), nil)
	return made.root()
}

// root is the one command that belongs to no other.
func (e *evaluation) root() (*command, error) {
	owned := map[*command]bool{}
	for _, made := range e.commands {
		for _, child := range made.children {
			owned[child] = true
		}
	}
	var roots []*command
	for _, made := range e.commands {
		if !owned[made] && len(made.children) > 0 {
			roots = append(roots, made)
		}
	}
	if len(roots) != 1 {
		return nil, fmt.Errorf("%d commands belong to no other; one should", len(roots))
	}
	return roots[0], nil
}
