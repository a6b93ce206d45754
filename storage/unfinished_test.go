package storage_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
	localfs "github.com/cairnstate/cairn/storage/fs"
)

func TestGivingUpACheckpoint(t *testing.T) {
	dir := t.TempDir()
	local, err := localfs.New(dir)
	must(t, err)
	a := access(t, local, nil)
	l := locationOf(t, a, 6)
	must(t, l.DisposeOnFailure(t.Context())) // nothing there
	other := write(t, locationOf(t, a, 60).CreateCheckpointStateOutputStream(t.Context(), storage.ExclusiveState), large)
	for range 3 {
		write(t, l.CreateCheckpointStateOutputStream(t.Context(), storage.ExclusiveState), large)
	}
	shared := write(t, l.CreateCheckpointStateOutputStream(t.Context(), storage.SharedState), large)
	must(t, l.DiscardStates(t.Context(), []checkpoint.StreamStateHandle{shared, nil}))
	must(t, l.DisposeOnFailure(t.Context()))
	must(t, l.DisposeOnFailure(t.Context()))
	sameLines(t, strings.Join(keysOf(t, local), "\n"), jobDir+"/chk-60/"+other.(*checkpoint.RelativeFileStateHandle).RelativePath)
	if directories, err := os.ReadDir(filepath.Join(dir, jobDir)); err != nil || len(directories) != 1 {
		t.Errorf("directories that are left: %v, %v", directories, err)
	}
}

// A rival may complete the checkpoint while we are giving it up.
func TestGivingUpEndsWhereACheckpointAppears(t *testing.T) {
	store := new(distant)
	store.put(t, jobDir+"/chk-6/0", jobDir+"/chk-6/f")
	store.before = func(op, _ string) error {
		if op == "list" {
			store.put(t, jobDir+"/chk-6/_metadata")
		}
		return nil
	}
	err := locationOf(t, access(t, store, nil), 6).DisposeOnFailure(t.Context())
	if !errors.Is(err, storage.ErrCheckpointExists) {
		t.Errorf("gave up: %v", err)
	}
	sameLines(t, left(t, store), jobDir+"/chk-6/0 "+jobDir+"/chk-6/_metadata "+jobDir+"/chk-6/f")
}

func TestDisposingOfWhatIsUnfinished(t *testing.T) {
	store := new(distant)
	store.put(t, "j/chk-1/a", "j/chk-2/_metadata", "j/chk-2/a", "j/x/a", "s/savepoint-q/a/b")
	s := over(t, store)
	for dir, kind := range map[string]error{
		"far://b/j/chk-1": nil, "away://b/s/savepoint-q/": nil, "far://b/j/chk-3": nil,
		"far://b/j/chk-2": storage.ErrCheckpointExists, "far://b/j/x": storage.ErrOutsideAllowed, "far://b/j": storage.ErrOutsideAllowed,
		"far://b": storage.ErrOutsideAllowed, "a:b": storage.ErrInvalidPointer, "unknown://b/chk-1": storage.ErrUnsupportedScheme,
	} {
		if err := s.DisposeUnfinished(t.Context(), dir); !errors.Is(err, kind) || kind == nil && err != nil {
			t.Errorf("%s: %v, want %v", dir, err, kind)
		}
	}
	sameLines(t, left(t, store), "j/chk-2/_metadata j/chk-2/a j/x/a")
	store.before = func(op, _ string) error {
		if op == "stat" {
			return errBroken
		}
		return nil
	}
	if err := s.DisposeUnfinished(t.Context(), "far://b/j/chk-2"); !errors.Is(err, errBroken) {
		t.Errorf("without an answer: %v", err)
	}
}
