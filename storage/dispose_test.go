package storage_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
	localfs "github.com/cairnstate/cairn/storage/fs"
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
		if waited > 2*time.Second || asked > 10 {
			t.Errorf("took %v and %d requests", waited, asked)
		}
		t.Logf("took %v and %d requests", waited, asked)
		sameLines(t, left(t, store), sparedByDisposal())
		must(t, at.Close())
	})
}

// TestADisposalThatIsKilled is killed at each of its requests, before and after it
// takes effect. Whatever is left then, the checkpoint is whole or has no name, and a
// second process finishes.
func TestADisposalThatIsKilled(t *testing.T) {
	const requests, files = 7, 2500 // one for the name, three listings, three batches
	kills := 0
	for at := range requests {
		for _, lost := range []bool{false, true} {
			t.Run(fmt.Sprint(at, " lost ", lost), func(t *testing.T) {
				store := new(distant)
				location, shared := disposed(t, store, files-1)
				ctx, kill := context.WithCancel(t.Context())
				killed := killer(at, kill)
				if lost {
					store.after = killed
				} else {
					store.before = killed
				}
				if err := storage.DisposeStorageLocation(ctx, location, shared); !errors.Is(err, context.Canceled) {
					t.Errorf("killed: %v", err)
				}
				kills++
				store.before, store.after = nil, nil
				second(t, store, files, shared)
			})
		}
	}
	t.Logf("killed %d times", kills)
}

// killer ends the context at the request of the number, counted from 0.
func killer(at int, kill func()) func(string, string) error {
	asked := make(chan int, 1)
	asked <- 0
	return func(string, string) error {
		n := <-asked
		asked <- n + 1
		if n < at {
			return nil
		}
		kill()
		return context.Canceled
	}
}

// second is the process after the one that was killed.
func second(t *testing.T, store *distant, files int, shared []checkpoint.StreamStateHandle) {
	t.Helper()
	s := over(t, store)
	if at, err := s.ResolveCheckpoint(t.Context(), "far://b/"+jobDir+"/chk-5"); err == nil {
		if n := len(store.keys(t)); n != 4+files {
			t.Errorf("its name is there, and %d of %d files are", n, 4+files)
		}
		must(t, storage.DisposeStorageLocation(t.Context(), at, shared))
		must(t, at.Close())
	} else if !errors.Is(err, storage.ErrNotFound) {
		t.Fatal(err)
	}
	must(t, s.DisposeUnfinished(t.Context(), "far://b/"+jobDir+"/chk-5"))
	at := resolve(t, s, "far://b/"+jobDir+"/chk-50") // which shares the directory
	must(t, storage.DiscardStates(t.Context(), at, shared))
	sameLines(t, left(t, store), sparedByDisposal())
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

// In a directory of any name the handles tell what goes.
func TestDisposingByHandles(t *testing.T) {
	store := new(distant)
	store.put(t, "backup/_metadata", "backup/diary", "backup/state")
	at := resolve(t, over(t, store), "far://b/backup")
	must(t, storage.DisposeStorageLocation(t.Context(), at, []checkpoint.StreamStateHandle{relative("state", 1)}))
	sameLines(t, left(t, store), "backup/diary")
}

func TestGivingUpACheckpoint(t *testing.T) {
	local, err := localfs.New(t.TempDir())
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
