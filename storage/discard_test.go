package storage_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	localfs "github.com/cairnstate/cairn/storage/fs"
)

func TestDiscardingStates(t *testing.T) {
	store := new(distant)
	store.put(t, "j/chk-1/_metadata", "j/chk-1/a", "j/chk-1/b", "j/shared/s", "j/shared/kept", "j/taskowned/t", "j/shared/merged")
	at := resolve(t, over(t, store), "far://b/j/chk-1")
	store.requests()
	must(t, storage.DiscardStates(t.Context(), at, []checkpoint.StreamStateHandle{
		relative("a", 1), file("away://b/j/shared/s", 1), file("far://b/j/taskowned/t", 1), file("far://b/j/shared/gone", 1),
		&checkpoint.KeyGroupsStateHandle{Delegate: relative("b", 1)},
		&checkpoint.ByteStreamStateHandle{HandleName: "far://b/j/shared/kept"}, &checkpoint.EmptySegmentFileStateHandle{},
		segment("far://b/j/shared/merged", 0, 1), nil,
	}))
	if asked := fmt.Sprint(store.requests()); asked != "[delete all]" {
		t.Errorf("asked %s", asked)
	}
	sameLines(t, left(t, store), "j/chk-1/_metadata j/shared/kept j/shared/merged")
}

func TestDiscardingFarAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &distant{latency: 120 * time.Millisecond}
		store.put(t, "j/chk-1/_metadata")
		var handles []checkpoint.StreamStateHandle
		for i := range 4000 {
			handles = append(handles, file(fmt.Sprint("far://b/j/shared/", i), 1))
			store.put(t, fmt.Sprint("j/shared/", i))
		}
		at := resolve(t, over(t, store), "far://b/j/chk-1")
		store.requests()
		begin := time.Now()
		must(t, storage.DiscardStates(t.Context(), at, handles))
		if waited, asked := time.Since(begin), len(store.requests()); waited > 120*time.Millisecond || asked > 4 {
			t.Errorf("took %v and %d requests", waited, asked)
		} else {
			t.Logf("took %v and %d requests", waited, asked)
		}
		sameLines(t, left(t, store), "j/chk-1/_metadata")
		must(t, at.Close())
	})
}

// Nothing is deleted unless all may be. What may be read may not be deleted.
func TestDiscardingOnlyInAllowedPlaces(t *testing.T) {
	store := new(distant)
	keys := []string{"j/chk-1/_metadata", "j/chk-1/a", "j/chk-2/_metadata", "j/chk-2/a", "j/shared/_metadata", "other/x"}
	store.put(t, keys...)
	var registry backend.Registry
	registry.Register(func(context.Context, backend.Root) (backend.Backend, error) { return store, nil }, "far")
	s, err := storage.New(&registry, &storage.Options{AllowAnyPath: true, Locations: []string{"far://b/other"}})
	must(t, err)
	at := resolve(t, s, "far://b/j/chk-1")
	for _, handle := range []checkpoint.StreamStateHandle{
		file("far://b/other/x", 1), file("far://b/j/chk-2/a", 1), file("far://c/j/shared/x", 1), file("far://b/j/chk-1/../chk-2/a", 1),
		file("far://b/j/chk-1", 1), file("far://b/j/chk-1/_metadata", 1), file("far://b/j/shared/_metadata", 1),
		relative("_metadata", 1), relative("../chk-2/a", 1), file("a:b", 1),
	} {
		err := storage.DiscardStates(t.Context(), at, []checkpoint.StreamStateHandle{relative("a", 1), handle})
		if !errors.Is(err, storage.ErrOutsideAllowed) && !errors.Is(err, storage.ErrInvalidPointer) {
			t.Errorf("%v: %v", handle, err)
		}
	}
	sameLines(t, left(t, store), strings.Join(keys, "\n"))
}

// A link in the checkpoint's directory does not lead a deletion out of it.
func TestDiscardingFollowsNoLinksOut(t *testing.T) {
	dir := t.TempDir()
	for _, d := range []string{"j/chk-1", "j/shared", "outside"} {
		must(t, os.MkdirAll(filepath.Join(dir, d), 0o755))
	}
	for _, f := range []string{"j/chk-1/_metadata", "j/shared/s", "outside/x"} {
		must(t, os.WriteFile(filepath.Join(dir, f), []byte("x"), 0o644))
	}
	must(t, os.Symlink(filepath.Join(dir, "outside"), filepath.Join(dir, "j/chk-1/out")))
	must(t, os.Symlink("../shared", filepath.Join(dir, "j/chk-1/in")))
	var registry backend.Registry
	registry.Register(localfs.Open, "file")
	s, err := storage.New(&registry, nil)
	must(t, err)
	at := resolve(t, s, dir+"/j/chk-1")
	err = storage.DiscardStates(t.Context(), at, []checkpoint.StreamStateHandle{relative("out/x", 1)})
	if _, statErr := os.Stat(filepath.Join(dir, "outside/x")); !errors.Is(err, storage.ErrOutsideAllowed) || statErr != nil {
		t.Errorf("%v, %v", err, statErr)
	}
	must(t, storage.DiscardStates(t.Context(), at, []checkpoint.StreamStateHandle{file("file:"+dir+"/j/shared/s", 1)}))
	if _, err := os.Stat(filepath.Join(dir, "j/shared/s")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what may go is there: %v", err)
	}
}

func TestLocationsThatCannotDelete(t *testing.T) {
	store := new(distant)
	store.put(t, "j/chk-1/_metadata")
	at := rangeless{resolve(t, over(t, store), "far://b/j/chk-1")}
	if err := storage.DisposeStorageLocation(t.Context(), at, nil); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("dispose: %v", err)
	}
	if err := storage.DiscardStates(t.Context(), at, nil); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("discard: %v", err)
	}
}
