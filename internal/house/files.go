package house

import (
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
)

// file is a file of ours: neither built, nor installed, nor Git's own.
type file struct {
	path string // below the root, with slashes
	data []byte
}

// files yields the files of the house at root. It ends after an error.
func files(root string) iter.Seq2[file, error] {
	return func(yield func(file, error) bool) {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if entry.IsDir() {
				return skipMade(entry.Name())
			}
			if !entry.Type().IsRegular() || isMade(entry.Name()) {
				return nil
			}
			return yieldFile(root, path, yield)
		})
		if err != nil {
			yield(file{}, err)
		}
	}
}

// skipMade skips the folders that Git ignores.
func skipMade(name string) error {
	switch name {
	case ".git", ".tools", "bin", "target":
		return fs.SkipDir
	}
	return nil
}

// isMade reports whether Git ignores files of this name: go test -c and -cpuprofile
// make them.
func isMade(name string) bool {
	return strings.HasSuffix(name, ".test") || strings.HasSuffix(name, ".out")
}

func yieldFile(root, path string, yield func(file, error) bool) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	path, err = filepath.Rel(root, path)
	if err != nil {
		return err
	}
	if !yield(file{filepath.ToSlash(path), data}, nil) {
		return fs.SkipAll
	}
	return nil
}
