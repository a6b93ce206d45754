package house

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Introductions complains of packages that do not introduce themselves in exactly
// one comment, attached to the package clause (a blank line between makes it
// invisible to go doc), and of packages that strangers import without an example.
func Introductions(packages []Package) ([]Complaint, error) {
	var complaints []Complaint
	for _, p := range packages {
		files, err := parse(p.Dir)
		if err != nil {
			return nil, err
		}
		complaints = append(complaints, introduced(p, files)...)
		if public(p) && !exemplified(files) {
			complaints = append(complaints, Complaint(p.Path+" has no example: write an example_test.go whose output is checked"))
		}
	}
	return complaints, nil
}

// public says whether strangers import the package: it is no command, not
// internal, and not machinery of the integration tests.
func public(p Package) bool {
	elements := strings.Split(p.Path, "/")
	return p.Name != "main" && elements[0] != "integration" && !slices.Contains(elements, "internal")
}

// parse reads the Go files of a directory, tests included, by their names.
func parse(dir string) (map[string]*ast.File, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	files := make(map[string]*ast.File)
	for _, entry := range entries {
		if filepath.Ext(entry.Name()) != ".go" {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, entry.Name()), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files[entry.Name()] = file
	}
	return files, nil
}

// introduced complains of the package comments of one package.
func introduced(p Package, files map[string]*ast.File) []Complaint {
	var complaints []Complaint
	openings, count := openings(p), 0
	for name, file := range files {
		if file.Doc == nil {
			if detached(file, openings) {
				complaints = append(complaints, Complaint(fmt.Sprintf("%s/%s: a blank line keeps the comment away from the package clause; go doc does not show it", p.Path, name)))
			}
			continue
		}
		count++
		if !begins(file.Doc.Text(), openings) {
			complaints = append(complaints, Complaint(fmt.Sprintf("%s/%s: the package comment does not begin with %q", p.Path, name, openings[0])))
		}
	}
	if count != 1 {
		complaints = append(complaints, Complaint(fmt.Sprintf("%s introduces itself %d times, not once", p.Path, count)))
	}
	return complaints
}

// openings returns how a package comment may begin. That of a command may begin
// with the name of the command, as a sentence does.
func openings(p Package) []string {
	if p.Name != "main" {
		return []string{"Package " + p.Name + " "}
	}
	name := path.Base(p.Path)
	if p.Path == "." { // a command that is a module of its own
		name = filepath.Base(p.Dir)
	}
	return []string{"Command " + name + " ", strings.ToUpper(name[:1]) + name[1:] + " "}
}

func begins(text string, openings []string) bool {
	return slices.ContainsFunc(openings, func(opening string) bool { return strings.HasPrefix(text, opening) })
}

// detached says whether a comment that would introduce the package stands apart
// from the package clause.
func detached(file *ast.File, openings []string) bool {
	for _, comment := range file.Comments {
		if comment.End() < file.Package && begins(comment.Text(), openings) {
			return true
		}
	}
	return false
}

// exemplified says whether the files have an example whose output is checked.
func exemplified(files map[string]*ast.File) bool {
	for name, file := range files {
		if !strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Example") && checked(file, f) {
				return true
			}
		}
	}
	return false
}

// checked says whether an example has an output comment, without which the go
// command compiles it and never runs it.
func checked(file *ast.File, f *ast.FuncDecl) bool {
	for _, comment := range file.Comments {
		text := strings.ToLower(comment.Text())
		within := f.Body.Pos() < comment.Pos() && comment.End() < f.Body.End()
		if within && (strings.HasPrefix(text, "output:") || strings.HasPrefix(text, "unordered output:")) {
			return true
		}
	}
	return false
}
