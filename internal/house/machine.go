package house

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// MachinePaths complains of files below root that hold one of the paths: they
// would be true on one machine only, and tell strangers about it. Binary files
// count; what a test program wrote into a savepoint is ours too.
func MachinePaths(root string, paths []string) ([]Complaint, error) {
	var complaints []Complaint
	for f, err := range files(root) {
		if err != nil {
			return nil, err
		}
		for _, path := range paths {
			if holds(f.data, path) {
				complaints = append(complaints, Complaint(fmt.Sprintf("%s holds %q, a path of this machine", f.path, path)))
			}
		}
	}
	return complaints, nil
}

// OwnFolders says which paths are this machine's own, given where the checkout is
// and the folders of its tools. The first folder of the checkout's path counts
// if other machines do not commonly have it.
func OwnFolders(root string, tools ...string) []string {
	common := []string{"", "Users", "builds", "data", "go", "home", "mnt", "opt", "private", "repo", "root", "runner", "src", "srv", "tmp", "usr", "var", "workspace"}
	own := append([]string{root}, tools...)
	first, _, _ := strings.Cut(strings.TrimPrefix(filepath.ToSlash(root), "/"), "/")
	if !slices.Contains(common, first) && filepath.VolumeName(root) == "" {
		own = append(own, "/"+first)
	}
	return slices.Compact(own)
}

// holds says whether data holds the path as a whole, or a path below it, rather
// than as a piece of a longer name.
func holds(data []byte, path string) bool {
	for at := 0; ; {
		i := bytes.Index(data[at:], []byte(path))
		if i < 0 {
			return false
		}
		begin, end := at+i, at+i+len(path)
		before := begin == 0 || !inName(data[begin-1]) && data[begin-1] != '/'
		after := end == len(data) || !inName(data[end])
		if before && after {
			return true
		}
		at = begin + 1
	}
}

func inName(c byte) bool {
	return c == '-' || c == '_' || c == '.' || c == '~' || c == '}' || c == ')' ||
		'0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
