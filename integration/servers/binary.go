package servers

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrNotBuilt says that a server's program is not there.
var ErrNotBuilt = errors.New("the server is not built")

// binary finds the program of a server, which the target of the Makefile builds:
// in .tools/bin beside the go.mod that the directory is below.
func binary(dir, name, target string) (string, error) {
	root, err := moduleRoot(dir)
	if err != nil {
		return "", err
	}
	path := filepath.Join(root, ".tools", "bin", name)
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("%s: %w: run \"make %s\" in %s, once; it takes some minutes (%w)", name, ErrNotBuilt, target, root, err)
	}
	return path, nil
}

func moduleRoot(dir string) (string, error) {
	for at := dir; ; at = filepath.Dir(at) {
		_, err := os.Stat(filepath.Join(at, "go.mod"))
		if err == nil {
			return at, nil
		}
		if !errors.Is(err, fs.ErrNotExist) || at == filepath.Dir(at) {
			return "", fmt.Errorf("find the go.mod above %s: %w", dir, err)
		}
	}
}
