package house

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// Package is one package of a house, as far as its walls are concerned.
type Package struct {
	Name    string   // "main" for a command
	Path    string   // below the module: "storage/s3"; "." for the module's own
	Dir     string   // absolute
	Imports []string // of its code, without tests: rooms by path below the module, others by import path
	Links   []string // all that its code links, at any depth, by import path
	Modules []string // the foreign modules that its code and its tests import directly
}

// listed is what "go list" says of a package.
type listed struct {
	ImportPath, Dir, Name, ForTest     string
	Standard                           bool
	Imports, TestImports, XTestImports []string
	Deps                               []string
	Module                             *struct {
		Path string
		Main bool
	}
}

// Packages lists the packages of the module at root, by the go command.
func Packages(root string) ([]Package, error) {
	all, err := list(root)
	if err != nil {
		return nil, err
	}
	moduleOf := make(map[string]string)
	for _, l := range all {
		if l.Module != nil && !l.Module.Main {
			moduleOf[l.ImportPath] = l.Module.Path
		}
	}
	var packages []Package
	for _, l := range all {
		if l.Module != nil && l.Module.Main && l.ForTest == "" && !strings.HasSuffix(l.ImportPath, ".test") {
			packages = append(packages, l.room(moduleOf))
		}
	}
	return packages, nil
}

// list runs the go command. A package that does not compile is listed too: the
// compiler says what is wrong with it.
func list(root string) ([]listed, error) {
	cmd := exec.Command("go", "list", "-e", "-deps", "-test",
		"-json=ImportPath,Dir,Name,ForTest,Standard,Imports,TestImports,XTestImports,Deps,Module", "./...")
	cmd.Dir = root
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list in %s: %w: %s", root, err, complaints.String())
	}
	var all []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var l listed
		if err := d.Decode(&l); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list in %s: %w", root, err)
		}
		all = append(all, l)
	}
}

// room turns what the go command says into a Package.
func (l *listed) room(moduleOf map[string]string) Package {
	module := l.Module.Path
	p := Package{Name: l.Name, Path: below(module, l.ImportPath), Dir: l.Dir, Links: l.Deps}
	for _, path := range l.Imports {
		p.Imports = append(p.Imports, below(module, path))
	}
	for _, imports := range [][]string{l.Imports, l.TestImports, l.XTestImports} {
		for _, path := range imports {
			if foreign, ok := moduleOf[path]; ok {
				p.Modules = append(p.Modules, foreign)
			}
		}
	}
	return p
}

// below cuts the module off an import path that is in it.
func below(module, path string) string {
	if path == module {
		return "."
	}
	return strings.TrimPrefix(path, module+"/")
}
