package storage_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
)

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
