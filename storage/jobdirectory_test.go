package storage_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/storage"
)

func TestAJobDirectoryIsListed(t *testing.T) {
	store := new(distant)
	a := access(t, store, nil)
	if a.JobID() != job() || a.JobDirectory() != "far://b/"+jobDir || a.CheckpointDirectory(7) != "far://b/"+jobDir+"/chk-7" {
		t.Errorf("%s: %s, %s", a.JobID(), a.JobDirectory(), a.CheckpointDirectory(7))
	}
	store.put(t, jobDir+"/chk-7/_metadata", jobDir+"/shared/x", jobDir+"2/chk-7/_metadata")
	var names []string
	for file, err := range a.Files(t.Context()) {
		must(t, err)
		names = append(names, fmt.Sprint(file.Name, ":", file.Size))
	}
	sameLines(t, strings.Join(names, "\n"), "chk-7/_metadata:53 shared/x:46")
	store.before = func(string, string) error { return errBroken }
	for _, err := range a.Files(t.Context()) {
		if !errors.Is(err, errBroken) || !strings.Contains(err.Error(), a.JobDirectory()) {
			t.Errorf("a listing that fails says %v", err)
		}
	}
	for _, err := range a.Storage().Files(t.Context(), "unknown://b/x") {
		if err == nil {
			t.Error("a directory of no store was listed")
		}
	}
}

// With entropy the directory is where metadata goes, and shared files are elsewhere.
func TestAJobDirectoryWithEntropy(t *testing.T) {
	a, err := over(t, new(distant)).CreateCheckpointStorage(t.Context(), job(), "far://b/_e_/ck", &storage.AccessOptions{EntropyKey: "_e_"})
	must(t, err)
	if a.JobDirectory() != "far://b/"+jobDir || a.SharedIsListed() {
		t.Errorf("%s, %t", a.JobDirectory(), a.SharedIsListed())
	}
	if !access(t, new(distant), nil).SharedIsListed() {
		t.Error("without entropy shared files are where they are")
	}
}

func TestDiscardingSharedFiles(t *testing.T) {
	store := new(distant)
	a := access(t, store, nil)
	store.put(t, jobDir+"/shared/x", jobDir+"/shared/y", jobDir+"/shared/d/_metadata", jobDir+"/chk-7/_metadata")
	for _, name := range []string{"chk-7/_metadata", "shared/../chk-7/_metadata", `shared/..\chk-7\_metadata`, "shared/", "shared", "shared/_metadata", "shared/d/_metadata", "taskowned/x", ""} {
		err := a.DiscardSharedFiles(t.Context(), []string{"shared/x", name})
		if !errors.Is(err, storage.ErrOutsideAllowed) {
			t.Errorf("%q was discarded: %v", name, err)
		}
	}
	if n := len(store.keys(t)); n != 4 {
		t.Errorf("%d files are left", n)
	}
	must(t, a.DiscardSharedFiles(t.Context(), []string{"shared/x", "shared/absent"}))
	sameLines(t, strings.Join(store.keys(t), "\n"), jobDir+"/chk-7/_metadata "+jobDir+"/shared/d/_metadata "+jobDir+"/shared/y")
	store.before = func(string, string) error { return errBroken }
	if err := a.DiscardSharedFiles(t.Context(), []string{"shared/y"}); !errors.Is(err, errBroken) || !strings.Contains(err.Error(), "doing it again") {
		t.Errorf("a failure says %v", err)
	}
}
