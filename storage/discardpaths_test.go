package storage_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fs"
)

func TestDiscardingPaths(t *testing.T) {
	store := new(distant)
	a := access(t, store, nil)
	store.put(t, jobDir+"/shared/x", jobDir+"/shared/y", jobDir+"/shared/dir/a/1", jobDir+"/shared/dir/2", jobDir+"/shared/dirt",
		"other/shared/z", "other/chk-3/_metadata", "sp/savepoint-1/s", "sp/savepoint-1/_metadata")
	err := a.DiscardPaths(t.Context(),
		[]string{"far://b/" + jobDir + "/shared/x", "away://b//" + jobDir + "/shared/absent", "far://b/other/shared/z", "far://b/sp/savepoint-1/s"},
		[]string{"far://b/" + jobDir + "/shared/dir", "far://b/" + jobDir + "/shared/no-dir"},
		[]string{"far://b/other/chk-3", "far://b/sp/savepoint-1"})
	must(t, err)
	sameLines(t, left(t, store), jobDir+"/shared/dirt "+jobDir+"/shared/y other/chk-3/_metadata sp/savepoint-1/_metadata")
}

// What is refused stays, and does not keep the rest from going.
func TestPathsThatAreNotDiscarded(t *testing.T) {
	for path, directory := range map[string]bool{
		"far://b/other/shared/x": false, "far://b/" + jobDir + "/chk-1/x": false, "far://b/" + jobDir + "/shared/_metadata": false,
		"far://b/" + jobDir + "/shared/../chk-1/x": false, "far://b/": false, "unknown://b/x": false, "a:b": false,
		"far://b/" + jobDir + "/shared": true, "far://b/" + jobDir: true, "far://b": true,
		"far://b/" + jobDir + "/shared/whole": true, "far://b/other/shared/dir": true,
	} {
		t.Run(path, func(t *testing.T) {
			store := new(distant)
			a := access(t, store, nil)
			store.put(t, jobDir+"/shared/x", jobDir+"/shared/whole/_metadata", jobDir+"/shared/whole/1", "other/shared/x", "other/shared/dir/1", jobDir+"/chk-1/x")
			files, directories := []string{path, "far://b/" + jobDir + "/shared/x"}, []string(nil)
			if directory {
				files, directories = files[1:], files[:1]
			}
			err := a.DiscardPaths(t.Context(), files, directories, nil)
			if err == nil {
				t.Errorf("it was discarded")
			}
			if n := len(store.keys(t)); n != 5 {
				t.Errorf("%d files are left, want all but the one: %v", n, store.keys(t))
			}
		})
	}
	if err := access(t, new(distant), nil).DiscardPaths(t.Context(), nil, nil, []string{"a:b"}); !errors.Is(err, storage.ErrInvalidPointer) {
		t.Errorf("a claim that is no pointer: %v", err)
	}
}

// On a local disk a link may lead out of the directory.
func TestDiscardingFollowsNoLinkOut(t *testing.T) {
	root := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(root, jobDir, "shared"), 0o755))
	must(t, os.MkdirAll(filepath.Join(root, "precious"), 0o755))
	must(t, os.WriteFile(filepath.Join(root, "precious", "x"), []byte("x"), 0o644))
	must(t, os.Symlink(filepath.Join(root, "precious"), filepath.Join(root, jobDir, "shared", "link")))
	local, err := fs.New("/")
	must(t, err)
	a, err := over(t, local).CreateCheckpointStorage(t.Context(), job(), "file://"+root+"/ck", nil)
	must(t, err)
	shared := a.JobDirectory() + "/shared/link"
	for _, err := range []error{
		a.DiscardPaths(t.Context(), []string{shared + "/x"}, nil, nil),
		a.DiscardPaths(t.Context(), nil, []string{shared}, nil),
	} {
		if err != nil && !errors.Is(err, backend.ErrEscapes) && !strings.Contains(err.Error(), "not deleted") {
			t.Errorf("%v", err)
		}
	}
	if _, err := os.Stat(filepath.Join(root, "precious", "x")); err != nil {
		t.Error(err)
	}
}
