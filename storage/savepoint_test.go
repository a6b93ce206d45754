package storage_test

import (
	"context"
	"errors"
	"iter"
	"testing"

	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
)

// taken is a store in which the first so many listings find something.
type taken struct {
	mem.Backend
	listings, full int
}

func (s *taken) List(context.Context, string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		if s.listings++; s.listings <= s.full {
			yield(backend.Info{Key: "taken"}, nil)
		}
	}
}

func TestSavepointDirectoriesAreNew(t *testing.T) {
	for full, fails := range map[int]bool{0: false, 1: false, 9: false, 10: true} {
		store := &taken{full: full}
		l, err := access(t, store, nil).InitializeLocationForSavepoint(t.Context(), "far://b/sp")
		if fails != (err != nil) || store.listings != min(full+1, 10) {
			t.Errorf("%d are taken: %v after %d listings", full, err, store.listings)
		}
		if err == nil && !random.MatchString(l.ExclusiveDirectory()) {
			t.Errorf("the directory is %s", l.ExclusiveDirectory())
		}
	}
}

func TestSavepointsNeedADirectory(t *testing.T) {
	a := access(t, new(mem.Backend), nil)
	if _, err := a.InitializeLocationForSavepoint(t.Context(), ""); !errors.Is(err, storage.ErrNoSavepointDirectory) || a.HasDefaultSavepointLocation() {
		t.Errorf("without any directory: %v", err)
	}
}
