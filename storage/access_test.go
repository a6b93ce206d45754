package storage_test

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fs"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/readonly"
)

// large is state that becomes a file.
const large = storage.DefaultInlineThreshold + 1

// TestLayout is the tree of a job as Flink lays it out.
func TestLayout(t *testing.T) {
	local, err := fs.New(t.TempDir())
	must(t, err)
	for name, b := range map[string]backend.Backend{"mem": new(mem.Backend), "fs": local} {
		t.Run(name, func(t *testing.T) {
			a := access(t, b, &storage.AccessOptions{DefaultSavepointDirectory: "far://b/sp"})
			for _, id := range []int64{9, 10} {
				l := locationOf(t, a, id)
				write(t, l.CreateCheckpointStateOutputStream(t.Context(), storage.ExclusiveState), large)
				write(t, l.CreateCheckpointStateOutputStream(t.Context(), storage.ExclusiveState), 1)
				_, err := publish(t, t.Context(), l, "metadata")
				must(t, err)
			}
			write(t, locationOf(t, a, 10).CreateCheckpointStateOutputStream(t.Context(), storage.SharedState), large)
			write(t, a.CreateTaskOwnedStateStream(t.Context()), large)
			s, err := a.InitializeLocationForSavepoint(t.Context(), "")
			must(t, err)
			write(t, s.CreateCheckpointStateOutputStream(t.Context(), storage.ExclusiveState), large)
			write(t, s.CreateCheckpointStateOutputStream(t.Context(), storage.SharedState), large)
			_, err = publish(t, t.Context(), s, "metadata")
			must(t, err)
			sameLines(t, masked(keysOf(t, b)), `
				ck/a1b2c3d4e5f60708090a0b0c0d0e0f10/chk-10/<uuid>
				ck/a1b2c3d4e5f60708090a0b0c0d0e0f10/chk-10/_metadata
				ck/a1b2c3d4e5f60708090a0b0c0d0e0f10/chk-9/<uuid>
				ck/a1b2c3d4e5f60708090a0b0c0d0e0f10/chk-9/_metadata
				ck/a1b2c3d4e5f60708090a0b0c0d0e0f10/shared/<uuid>
				ck/a1b2c3d4e5f60708090a0b0c0d0e0f10/taskowned/<uuid>
				sp/savepoint-a1b2c3-<random>/<uuid>
				sp/savepoint-a1b2c3-<random>/<uuid>
				sp/savepoint-a1b2c3-<random>/_metadata`)
		})
	}
}

func TestLayoutWithoutJobDirectory(t *testing.T) {
	var store mem.Backend
	a := access(t, &store, &storage.AccessOptions{NoJobDirectory: true})
	write(t, locationOf(t, a, 0).CreateCheckpointStateOutputStream(t.Context(), storage.ExclusiveState), large)
	write(t, locationOf(t, a, 0).CreateCheckpointStateOutputStream(t.Context(), storage.SharedState), large)
	sameLines(t, masked(keysOf(t, &store)), "ck/chk-0/<uuid>\nck/shared/<uuid>")
}

var (
	uuids  = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`)
	random = regexp.MustCompile(`(savepoint-[0-9a-f]{6})-[0-9a-f]{12}`)
)

// masked replaces what is random.
func masked(keys []string) string {
	for i, key := range keys {
		keys[i] = random.ReplaceAllString(uuids.ReplaceAllString(key, "<uuid>"), "$1-<random>")
	}
	slices.Sort(keys)
	return strings.Join(keys, "\n")
}

func sameLines(t *testing.T, got, want string) {
	t.Helper()
	want = strings.Join(strings.Fields(want), "\n")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// What a store cannot do is told before the first byte is written.
func TestStoresThatCannotAreRefused(t *testing.T) {
	tests := []struct {
		name  string
		store backend.Backend
		kind  error
		says  string
	}{
		{"read only", readonly.Wrap(new(mem.Backend)), backend.ErrReadOnly, "no writing"},
		{"not exclusive", &distant{limits: backend.Limits{NoExclusiveCreate: true}}, backend.ErrLimited, "no exclusive creation"},
		{"stale listings", &distant{limits: backend.Limits{NoListAfterWrite: true}}, backend.ErrLimited, "listings"},
		{"volatile", &distant{limits: backend.Limits{Volatile: true}}, backend.ErrLimited, "no durability"},
	}
	good := new(mem.Backend)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var registry backend.Registry
			registry.Register(func(context.Context, backend.Root) (backend.Backend, error) { return test.store, nil }, "bad")
			registry.Register(func(context.Context, backend.Root) (backend.Backend, error) { return good, nil }, "good")
			s, err := storage.New(&registry, nil)
			must(t, err)
			volatile := test.name != "volatile"
			_, err = s.CreateCheckpointStorage(t.Context(), job(), "bad://b/ck", &storage.AccessOptions{AllowVolatile: volatile})
			refused(t, err, test.kind, test.says)
			_, err = s.CreateCheckpointStorage(t.Context(), job(), "good://b/ck", &storage.AccessOptions{AllowVolatile: volatile, DefaultSavepointDirectory: "bad://b/sp"})
			if volatile {
				refused(t, err, test.kind, test.says)
				a, err := s.CreateCheckpointStorage(t.Context(), job(), "good://b/ck", &storage.AccessOptions{AllowVolatile: true})
				must(t, err)
				_, err = a.InitializeLocationForSavepoint(t.Context(), "bad://b/sp")
				refused(t, err, test.kind, test.says)
			}
		})
	}
}

func refused(t *testing.T, err, kind error, says string) {
	t.Helper()
	if !errors.Is(err, kind) || !strings.Contains(err.Error(), says) {
		t.Errorf("%v; want %v, saying %q", err, kind, says)
	}
}

func TestOptionsThatAreRefused(t *testing.T) {
	s := over(t, new(mem.Backend))
	for says, opts := range map[string]storage.AccessOptions{
		"1048577 bytes":    {InlineThreshold: storage.MaxInlineThreshold + 1},
		"buffer size":      {WriteBufferSize: -1},
		"entropy key":      {EntropyKey: "a*b"},
		"must be positive": {EntropyKey: "_e_", EntropyLength: -1},
	} {
		if _, err := s.CreateCheckpointStorage(t.Context(), job(), "far://b/ck", &opts); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%+v: %v; want it to say %q", opts, err, says)
		}
	}
	if _, err := s.CreateCheckpointStorage(t.Context(), job(), "a:b", nil); !errors.Is(err, storage.ErrInvalidPointer) {
		t.Errorf("a directory that is none: %v", err)
	}
	if _, err := access(t, new(mem.Backend), nil).InitializeLocationForCheckpoint(-1); err == nil {
		t.Error("a negative id was accepted")
	}
}
