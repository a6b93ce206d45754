package configuration

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Parse returns what a configuration file says: ParseFlat reads one that is called
// flink-conf.yaml, as Flink chooses, and ParseYAML all others.
func Parse(name string, data []byte) (*Configuration, error) {
	if filepath.Base(name) == "flink-conf.yaml" {
		return ParseFlat(name, data)
	}
	return ParseYAML(name, data)
}

// ParseYAML returns what a config.yaml says. Keys may be nested, or written with dots,
// or both; one that is set twice in different writing has the later value, as in Flink.
// name is the file's name, for errors, which are *Error, several of them joined.
func ParseYAML(name string, data []byte) (c *Configuration, err error) {
	// The YAML library panics on some texts that are not YAML, which its own error
	// handling should have refused; a user should not see a stack for it.
	defer func() {
		if r := recover(); r != nil {
			c, err = nil, &Error{File: name, Err: fmt.Errorf("is not YAML (the parser gave up: %v)", r)}
		}
	}()
	tree, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, broken(name, err)
	}
	y := yamlFile{name: name}
	for _, document := range tree.Docs {
		if document.Body == nil {
			continue
		}
		if len(tree.Docs) > 1 {
			return nil, &Error{File: name, Err: errors.New("has several documents; one is read")}
		}
		y.read("", document.Body)
	}
	if len(y.problems) > 0 {
		return nil, errors.Join(y.problems...)
	}
	return &y.configuration, nil
}

// broken tells where a file is no YAML at all.
func broken(name string, err error) error {
	var syntax yaml.Error
	if !errors.As(err, &syntax) {
		return &Error{File: name, Err: err}
	}
	line := 0
	if at := syntax.GetToken(); at != nil {
		line = at.Position.Line
	}
	return &Error{File: name, Line: line, Err: errors.New(syntax.GetMessage())}
}

type yamlFile struct {
	name          string
	configuration Configuration
	problems      []error
}

func (y *yamlFile) add(node ast.Node, key, reason string, args ...any) {
	y.problems = append(y.problems, &Error{y.name, node.GetToken().Position.Line, key, fmt.Errorf(reason, args...)})
}

func (y *yamlFile) read(key string, node ast.Node) {
	switch n := node.(type) {
	case *ast.MappingNode:
		for _, value := range n.Values {
			y.read(below(key, value.Key), value.Value)
		}
	case *ast.MappingValueNode:
		y.read(below(key, n.Key), n.Value)
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode:
		y.add(node, key, "anchors, aliases and tags are not read; write the value out")
	case *ast.NullNode:
		y.add(node, key, "has no value; remove it for the default")
	default:
		y.scalar(key, node)
	}
}

func (y *yamlFile) scalar(key string, node ast.Node) {
	if key == "" {
		y.add(node, "", "is no list of keys with values")
		return
	}
	y.configuration.put(Value{key, textOf(node), y.name, node.GetToken().Position.Line})
}

// textOf returns the value of a scalar as text. A list stays as it is written: no option
// here is one.
func textOf(node ast.Node) string {
	switch n := node.(type) {
	case *ast.StringNode:
		if n.Token.Type == token.StringType {
			return plain(n.Value)
		}
		return n.Value
	case *ast.LiteralNode:
		return n.Value.Value
	case *ast.SequenceNode:
		return strings.TrimSpace(n.String())
	}
	return plain(node.GetToken().Value)
}

func below(key string, name ast.MapKeyNode) string {
	part := name.GetToken().Value
	if key == "" {
		return part
	}
	return key + "." + part
}
