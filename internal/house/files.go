package house

import (
	"io/fs"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// file is a file of ours.
type file struct {
	path string // below the root, with slashes
	data []byte
}

// files yields the files of the house at root: those that Git tracks, for what
// somebody leaves lying around is not ours; all of them where there is no Git. It
// ends after an error.
func files(root string) iter.Seq2[file, error] {
	return func(yield func(file, error) bool) {
		paths, err := tracked(root)
		if err != nil {
			paths, err = found(root)
		}
		if err != nil {
			yield(file{}, err)
			return
		}
		for _, path := range paths {
			data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
			if os.IsNotExist(err) {
				continue // deleted, and not committed yet
			}
			if !yield(file{path, data}, err) || err != nil {
				return
			}
		}
	}
}

// tracked returns the files that Git tracks below root.
func tracked(root string) ([]string, error) {
	list := exec.Command("git", "ls-files", "-z")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		return nil, err
	}
	return strings.FieldsFunc(string(out), func(r rune) bool { return r == 0 }), nil
}

// found returns all files below root, but for what is built or installed.
func found(root string) ([]string, error) {
	var paths []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			return skipMade(entry.Name())
		}
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		path, err = filepath.Rel(root, path)
		paths = append(paths, filepath.ToSlash(path))
		return err
	})
	return paths, err
}

// skipMade skips the folders that Git would ignore.
func skipMade(name string) error {
	switch name {
	case ".git", ".tools", "bin", "target":
		return fs.SkipDir
	}
	return nil
}
