package storage_test

import (
	"errors"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/mem"
)

// The bytes are those of Flink's AbstractFsCheckpointStorageAccess.encodePathAsReference.
func TestLocationReferences(t *testing.T) {
	a := access(t, new(mem.Backend), nil)
	if r := locationOf(t, a, 7).LocationReference(); !r.IsDefault() || len(r.Bytes()) != 0 || r.String() != "(default)" {
		t.Errorf("of a checkpoint: %v", r)
	}
	l, err := a.InitializeLocationForSavepoint(t.Context(), "far://b/sp/")
	must(t, err)
	r := l.LocationReference()
	if want := "\x05\x5f\x3f\x18" + l.ExclusiveDirectory(); string(r.Bytes()) != want || r.IsDefault() {
		t.Errorf("of a savepoint: %q, want %q", r.Bytes(), want)
	}
	if storage.LocationReference(r.Bytes()) != r {
		t.Error("its bytes are another reference")
	}
}

// A worker writes where the coordinator will look.
func TestWorkersResolveReferences(t *testing.T) {
	var store mem.Backend
	coordinator, worker := access(t, &store, nil), access(t, &store, nil)
	savepoint, err := coordinator.InitializeLocationForSavepoint(t.Context(), "far://b/sp")
	must(t, err)
	for _, l := range []*storage.CheckpointStorageLocation{locationOf(t, coordinator, 7), savepoint} {
		sent := storage.LocationReference(l.LocationReference().Bytes())
		streams, err := worker.ResolveCheckpointStorageLocation(t.Context(), 7, sent)
		must(t, err)
		handle := write(t, streams.CreateCheckpointStateOutputStream(t.Context(), storage.ExclusiveState), large)
		completed, err := publish(t, t.Context(), l, "metadata")
		must(t, err)
		state, err := completed.OpenState(t.Context(), handle)
		if got := drain(t, state, err); len(got) != large {
			t.Errorf("%s: read %d bytes", l, len(got))
		}
		if _, relative := handle.(*checkpoint.RelativeFileStateHandle); !relative {
			t.Errorf("%s: the handle is %T", l, handle)
		}
	}
}

func TestReferencesThatAreNone(t *testing.T) {
	a := access(t, new(mem.Backend), nil)
	for _, encoded := range []string{"\x05", "\x05\x5f\x3f\x18", "\x05\x5f\x3f\x19far://b/sp", "far://b/sp"} {
		if _, err := a.ResolveCheckpointStorageLocation(t.Context(), 1, storage.LocationReference([]byte(encoded))); !errors.Is(err, storage.ErrInvalidReference) {
			t.Errorf("%q: %v", encoded, err)
		}
	}
	if _, err := a.ResolveCheckpointStorageLocation(t.Context(), 1, storage.LocationReference([]byte("\x05\x5f\x3f\x18a:b"))); !errors.Is(err, storage.ErrInvalidPointer) {
		t.Errorf("a path that is none: %v", err)
	}
}
