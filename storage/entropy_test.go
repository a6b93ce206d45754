package storage_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
)

// entropic returns an access whose directory has the key in it.
func entropic(t *testing.T, b backend.Backend, scheme string) *storage.CheckpointStorageAccess {
	t.Helper()
	a, err := over(t, b).CreateCheckpointStorage(t.Context(), job(), scheme+"/p/_entropy_/ck/_entropy_", &storage.AccessOptions{
		EntropyKey: "_entropy_", AllowVolatile: true, DefaultSavepointDirectory: scheme + "/p/_entropy_/sp"})
	must(t, err)
	return a
}

func TestEntropyIsInjected(t *testing.T) {
	var store mem.Backend
	a := entropic(t, &store, "far://b")
	savepoint, err := a.InitializeLocationForSavepoint(t.Context(), "")
	must(t, err)
	for _, l := range []*storage.CheckpointStorageLocation{locationOf(t, a, 4), savepoint} {
		handles := []checkpoint.StreamStateHandle{
			write(t, l.CreateCheckpointStateOutputStream(t.Context(), storage.ExclusiveState), large),
			write(t, l.CreateCheckpointStateOutputStream(t.Context(), storage.SharedState), large),
			write(t, a.CreateTaskOwnedStateStream(t.Context()), large),
		}
		completed, err := publish(t, t.Context(), l, "metadata")
		must(t, err)
		for _, handle := range handles[:2] {
			if kindOf(handle) != "absolute" {
				t.Errorf("the handle is %s", kindOf(handle))
			}
			state, err := completed.OpenState(t.Context(), handle)
			if got := drain(t, state, err); len(got) != large {
				t.Errorf("read %d bytes", len(got))
			}
		}
		must(t, storage.DiscardStates(t.Context(), completed, handles[:1]))
		_, err = completed.OpenState(t.Context(), handles[0])
		if err == nil {
			t.Error("what was discarded opens")
		}
	}
	random := regexp.MustCompile("^p/[0-9a-zA-Z]{4}/")
	keys := keysOf(t, &store)
	for i, key := range keys {
		keys[i] = random.ReplaceAllString(key, "p/<4>/")
	}
	// Only the first key in a path is replaced.
	sameLines(t, masked(keys), `
		p/<4>/ck/_entropy_/a1b2c3d4e5f60708090a0b0c0d0e0f10/shared/<uuid>
		p/<4>/ck/_entropy_/a1b2c3d4e5f60708090a0b0c0d0e0f10/taskowned/<uuid>
		p/<4>/ck/_entropy_/a1b2c3d4e5f60708090a0b0c0d0e0f10/taskowned/<uuid>
		p/<4>/sp/savepoint-a1b2c3-<random>/<uuid>
		p/ck/_entropy_/a1b2c3d4e5f60708090a0b0c0d0e0f10/chk-4/_metadata
		p/sp/savepoint-a1b2c3-<random>/_metadata`)
}

func TestEntropyDiffersBetweenFiles(t *testing.T) {
	var store mem.Backend
	l := locationOf(t, entropic(t, &store, "far://b"), 4)
	seen := make(map[string]bool)
	for range 20 {
		h := write(t, l.CreateCheckpointStateOutputStream(t.Context(), storage.ExclusiveState), large).(*checkpoint.FileStateHandle)
		seen[strings.Split(h.Path, "/")[4]] = true
	}
	if len(seen) < 15 {
		t.Errorf("20 files lie below %d prefixes", len(seen))
	}
}

func TestLocalDisksHaveNoEntropy(t *testing.T) {
	var store mem.Backend
	l := locationOf(t, entropic(t, &store, "file:"), 4)
	if kind := kindOf(write(t, l.CreateCheckpointStateOutputStream(t.Context(), storage.ExclusiveState), large)); kind != "relative" {
		t.Errorf("the handle is %s", kind)
	}
	if keys := keysOf(t, &store); !strings.HasPrefix(keys[0], "p/_entropy_/ck/_entropy_/") {
		t.Errorf("wrote %v", keys)
	}
}

// What entropy could have made is allowed, and nothing that merely looks similar.
func TestEntropyAllowsNoMore(t *testing.T) {
	var store mem.Backend
	completed, err := publish(t, t.Context(), locationOf(t, entropic(t, &store, "far://b"), 4), "metadata")
	must(t, err)
	below := "/ck/_entropy_/" + strings.TrimPrefix(jobDir, "ck/") + "/chk-4/x"
	for path, allowed := range map[string]bool{
		"far://b/p/aB3d" + below:            true,
		"far://b/p/aB3" + below:             false,
		"far://b/p/aB3dd" + below:           false,
		"far://b/p/a/3d" + below:            false,
		"far://b/p/aB-d" + below:            false,
		"far://b/p/x/aB3d" + below:          false,
		"far://c/p/aB3d" + below:            false,
		"far://b/q/aB3d" + below:            false,
		"far://b/aB3d" + below:              false,
		"far://b/p/aB3d/ck/_entropy_/x":     false,
		"far://b/p/aB3d" + below + "/../..": false,
	} {
		err := storage.DiscardStates(t.Context(), completed, []checkpoint.StreamStateHandle{file(path, 1)})
		if (err == nil) != allowed {
			t.Errorf("%s: %v", path, err)
		}
	}
	if keys := keysOf(t, &store); !slices.Contains(keys, "p/ck/_entropy_/"+strings.TrimPrefix(jobDir, "ck/")+"/chk-4/_metadata") {
		t.Errorf("left %v", keys)
	}
}
