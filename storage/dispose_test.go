package storage_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
)

// disposed is a job with two checkpoints and a savepoint; chk-5 has n files of its
// own and two in shared, of which chk-50 uses one.
func disposed(t *testing.T, store *distant, n int) (storage.CompletedCheckpointStorageLocation, []checkpoint.StreamStateHandle) {
	t.Helper()
	store.put(t, jobDir+"/chk-50/_metadata", jobDir+"/chk-50/x", jobDir+"/shared/both", jobDir+"/shared/only5", jobDir+"/chk-5/_metadata")
	for i := range n {
		store.put(t, fmt.Sprintf("%s/chk-5/%04x", jobDir, i))
	}
	at := resolve(t, over(t, store), "far://b/"+jobDir+"/chk-5")
	store.requests()
	return at, []checkpoint.StreamStateHandle{file("far://b/"+jobDir+"/shared/only5", 1)}
}

func left(t *testing.T, store *distant) string { return strings.Join(store.keys(t), "\n") }

func sparedByDisposal() string {
	return jobDir + "/chk-50/_metadata " + jobDir + "/chk-50/x " + jobDir + "/shared/both"
}

func TestDisposing(t *testing.T) {
	store := new(distant)
	at, shared := disposed(t, store, 3)
	must(t, storage.DisposeStorageLocation(t.Context(), at, shared))
	sameLines(t, left(t, store), sparedByDisposal())
	sameLines(t, strings.ReplaceAll(strings.Join(store.requests(), "\n"), " ", ":"), "delete:"+jobDir+"/chk-5/_metadata list:"+jobDir+"/chk-5 delete:all")
	must(t, storage.DisposeStorageLocation(t.Context(), at, shared)) // absent is fine
}

// TestDisposingFarAway is the promise of speed: 4,000 files, 120 ms to the store.
func TestDisposingFarAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &distant{latency: 120 * time.Millisecond}
		at, shared := disposed(t, store, 3999)
		begin := time.Now()
		must(t, storage.DisposeStorageLocation(t.Context(), at, shared))
		waited, asked := time.Since(begin), len(store.requests())
		if waited > 720*time.Millisecond || asked > 9 { // the batches go while it lists
			t.Errorf("took %v and %d requests", waited, asked)
		}
		t.Logf("took %v and %d requests", waited, asked)
		sameLines(t, left(t, store), sparedByDisposal())
		must(t, at.Close())
	})
}

// A name that cannot be deleted keeps the rest.
func TestNothingGoesBeforeTheName(t *testing.T) {
	store := new(distant)
	at, shared := disposed(t, store, 3)
	before := left(t, store)
	store.before = func(op, _ string) error {
		if op == "delete" {
			return fs.ErrPermission
		}
		return nil
	}
	if err := storage.DisposeStorageLocation(t.Context(), at, shared); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("%v", err)
	}
	sameLines(t, left(t, store), before)
}

// A batch that fails is told, and the others are deleted all the same.
func TestADisposalGoesOnAfterAFailure(t *testing.T) {
	store := new(distant)
	at, shared := disposed(t, store, 2999)
	failed := make(chan struct{}, 1)
	failed <- struct{}{}
	store.before = func(op, _ string) error {
		if op != "delete all" {
			return nil
		}
		select {
		case <-failed:
			return errBroken
		default:
			return nil
		}
	}
	if err := storage.DisposeStorageLocation(t.Context(), at, shared); !errors.Is(err, errBroken) || !strings.Contains(err.Error(), "doing it again") {
		t.Errorf("%v", err)
	}
	if n := len(store.keys(t)); n != 1003 {
		t.Errorf("%d files are left", n)
	}
	must(t, storage.DisposeStorageLocation(t.Context(), at, shared))
	sameLines(t, left(t, store), sparedByDisposal())
}

// TestDisposingSparesWhatIsNotItsOwn: other checkpoints below, directories that may
// hold anything, metadata of another name.
func TestDisposingSparesWhatIsNotItsOwn(t *testing.T) {
	tests := []struct{ name, keys, pointer, left string }{
		{"a checkpoint below", "sp/savepoint-1/_metadata sp/savepoint-1/a sp/savepoint-1/a!/1 sp/savepoint-1/b/0 sp/savepoint-1/b/_metadata sp/savepoint-1/b/x/1 sp/savepoint-1/c/1 sp/savepoint-1/d/e/_metadata", "sp/savepoint-1",
			"sp/savepoint-1/b/0 sp/savepoint-1/b/_metadata sp/savepoint-1/b/x/1 sp/savepoint-1/d/e/_metadata"},
		{"a neighbour", "sp/savepoint-1/_metadata sp/savepoint-1/a sp/savepoint-12/_metadata", "sp/savepoint-1", "sp/savepoint-12/_metadata"},
		{"any directory", "backup/_metadata backup/diary", "backup", "backup/diary"},
		{"a whole store", "_metadata diary", "", "diary"},
		{"another name", "j/chk-1/_metadata j/chk-1/a j/chk-1/copy", "j/chk-1/copy", "j/chk-1/_metadata j/chk-1/a"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			store := new(distant)
			store.put(t, strings.Fields(test.keys)...)
			at := resolve(t, over(t, store), "far://b/"+test.pointer)
			must(t, storage.DisposeStorageLocation(t.Context(), at, nil))
			sameLines(t, left(t, store), test.left)
		})
	}
}

// Whoever hands over all handles pays for those elsewhere alone.
func TestDisposingDeletesNoFileTwice(t *testing.T) {
	store := new(distant)
	at, states := disposed(t, store, 999) // with the shared one, a batch
	for i := range 999 {
		states = append(states, relative(fmt.Sprintf("%04x", i), 1))
	}
	must(t, storage.DisposeStorageLocation(t.Context(), at, states))
	if asked := store.requests(); len(asked) != 3 {
		t.Errorf("asked %v", asked)
	}
	sameLines(t, left(t, store), sparedByDisposal())
}

// Handles are judged before the first deletion.
func TestDisposingWithAHandleThatLeadsElsewhere(t *testing.T) {
	store := new(distant)
	at, _ := disposed(t, store, 3)
	before := left(t, store)
	err := storage.DisposeStorageLocation(t.Context(), at, []checkpoint.StreamStateHandle{file("far://b/"+jobDir+"/chk-50/x", 1)})
	if !errors.Is(err, storage.ErrOutsideAllowed) {
		t.Errorf("%v", err)
	}
	sameLines(t, left(t, store), before)
}

// In a directory of any name the handles tell what goes.
func TestDisposingByHandles(t *testing.T) {
	store := new(distant)
	store.put(t, "backup/_metadata", "backup/diary", "backup/state")
	at := resolve(t, over(t, store), "far://b/backup")
	must(t, storage.DisposeStorageLocation(t.Context(), at, []checkpoint.StreamStateHandle{relative("state", 1)}))
	sameLines(t, left(t, store), "backup/diary")
}
