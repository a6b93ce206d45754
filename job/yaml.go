package job

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// YAMLError is one thing that is wrong with a job.yaml, and where.
type YAMLError struct {
	File         string // as given to ParseYAML
	Line, Column int    // from 1; 0 if the file as a whole is meant
	Field        string // vertices[2].operators[0].uid; empty where YAML itself is broken
	Reason       string
}

// Error reads as compilers do: job.yaml:12:5: vertices[2].parallelism: …
func (e *YAMLError) Error() string {
	at := e.File
	if e.Line > 0 {
		at = fmt.Sprintf("%s:%d:%d", at, e.Line, e.Column)
	}
	if e.Field != "" {
		return fmt.Sprintf("%s: %s: %s", at, e.Field, e.Reason)
	}
	return fmt.Sprintf("%s: %s", at, e.Reason)
}

// ParseYAML returns the job that a job.yaml describes. name is the file's name,
// for errors. An unknown field is an error, and so is whatever New refuses; all
// are *YAMLError, several of them joined.
func ParseYAML(name string, data []byte) (*Job, error) {
	y := yamlFile{name: name}
	if err := y.parse(data); err != nil {
		return nil, err
	}
	vertices := y.vertices()
	if len(y.problems) > 0 {
		return nil, errors.Join(y.problems...)
	}
	j, err := New(vertices...)
	if err != nil {
		y.translate(err)
		return nil, errors.Join(y.problems...)
	}
	return j, nil
}

// yamlFile is a job.yaml while it is read.
type yamlFile struct {
	name     string
	tree     *ast.File
	document yamlJob
	problems []error
}

func (y *yamlFile) parse(data []byte) (err error) {
	// The YAML library panics on some texts that are not YAML, which its own
	// error handling should have refused; a user should not see a stack for it.
	defer func() {
		if r := recover(); r != nil {
			err = &YAMLError{File: y.name, Reason: fmt.Sprintf("is not YAML (the parser gave up: %v)", r)}
		}
	}()
	tree, err := parser.ParseBytes(data, 0)
	if err != nil {
		return y.broken(err)
	}
	if len(tree.Docs) != 1 || tree.Docs[0].Body == nil {
		return &YAMLError{File: y.name, Reason: "want one YAML document with a list of vertices"}
	}
	y.tree = tree
	if err := yaml.NodeToValue(tree.Docs[0].Body, &y.document, yaml.Strict()); err != nil {
		return y.broken(err)
	}
	return nil
}

// broken translates an error of the YAML library, which knows where it is.
func (y *yamlFile) broken(err error) error {
	var located yaml.Error
	if !errors.As(err, &located) {
		return &YAMLError{File: y.name, Reason: err.Error()}
	}
	e := &YAMLError{File: y.name, Reason: located.GetMessage()}
	if wrong, ok := errors.AsType[*yaml.TypeError](err); ok {
		e.Reason = fmt.Sprintf("%q is not %s", wrong.Token.Value, kindInWords(wrong.DstType.Kind()))
	}
	e.locate(located.GetToken())
	return e
}

// kindInWords says what a field takes to people who do not know Go.
func kindInWords(kind reflect.Kind) string {
	switch kind {
	case reflect.Int, reflect.Int32:
		return "a whole number"
	case reflect.String:
		return "a text"
	}
	return kind.String()
}

func (e *YAMLError) locate(t *token.Token) {
	if t != nil && t.Position != nil {
		e.Line, e.Column = t.Position.Line, t.Position.Column
	}
}

// add records a problem with a field, at its place or that of what holds it.
func (y *yamlFile) add(field, reason string, args ...any) {
	e := &YAMLError{File: y.name, Field: field, Reason: fmt.Sprintf(reason, args...)}
	for path := field; e.Line == 0 && path != ""; path = holder(path) {
		if p, err := yaml.PathString("$." + path); err == nil {
			if node, err := p.FilterFile(y.tree); err == nil {
				e.locate(firstToken(node))
			}
		}
	}
	y.problems = append(y.problems, e)
}

// holder returns the path of what holds a field: a.b[1] of a.b[1].c, a.b of a.b[1].
func holder(path string) string {
	for i := len(path) - 1; i > 0; i-- {
		if path[i] == '.' || path[i] == '[' {
			return path[:i]
		}
	}
	return ""
}

// firstToken returns where a node begins. A mapping says that of its first colon.
func firstToken(node ast.Node) *token.Token {
	if m, ok := node.(*ast.MappingNode); ok && len(m.Values) > 0 {
		return m.Values[0].Key.GetToken()
	}
	return node.GetToken()
}

// translate turns what New refuses into problems with places.
func (y *yamlFile) translate(err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, part := range joined.Unwrap() {
			y.translate(part)
		}
		return
	}
	problem, ok := errors.AsType[*Problem](err)
	if !ok || problem.Vertex < 0 {
		y.problems = append(y.problems, &YAMLError{File: y.name, Reason: err.Error()})
		return
	}
	y.add(fmt.Sprintf("vertices[%d].%s", problem.Vertex, problem.Field), "%s", problem.Reason)
}
