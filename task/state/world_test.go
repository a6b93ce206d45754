package state_test

import (
	"context"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/restore"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/task/state"
)

const maxParallelism = 16

// world is a store, and checkpoints of one operator in it.
type world struct {
	store   backend.Backend
	access  *storage.CheckpointStorageAccess
	storage *storage.BackendStorage
}

// newWorld makes all state files, and none inline.
func newWorld(t testing.TB, store backend.Backend) *world {
	t.Helper()
	var registry backend.Registry
	registry.Register(func(context.Context, backend.Root) (backend.Backend, error) { return store, nil }, "mem")
	s, err := storage.New(&registry, nil)
	must(t, err)
	access, err := s.CreateCheckpointStorage(t.Context(), checkpoint.JobID{1}, "mem://b/ck",
		&storage.AccessOptions{AllowVolatile: true, InlineThreshold: -1, WriteBufferSize: 64})
	must(t, err)
	return &world{store: store, access: access, storage: s}
}

func (w *world) streams(t testing.TB) *storage.CheckpointStreamFactory {
	t.Helper()
	streams, err := w.access.ResolveCheckpointStorageLocation(t.Context(), 1, storage.CheckpointStorageLocationReference{})
	must(t, err)
	return streams
}

// at publishes metadata, so that there is a location to read from.
func (w *world) at(t *testing.T) storage.CompletedCheckpointStorageLocation {
	t.Helper()
	location, err := w.access.InitializeLocationForCheckpoint(1)
	must(t, err)
	stream, err := location.CreateMetadataOutputStream(t.Context())
	must(t, err)
	defer stream.Close()
	_, err = stream.Write([]byte("\x49\x60\x67\x2d")) // as metadata begins
	must(t, err)
	at, err := stream.CloseAndFinalizeCheckpoint()
	must(t, err)
	return at
}

// keys returns what is in the store.
func (w *world) keys(t *testing.T) []string {
	t.Helper()
	var keys []string
	for info, err := range w.store.List(t.Context(), "") {
		must(t, err)
		keys = append(keys, info.Key)
	}
	return keys
}

// subtasks returns empty state of so many subtasks.
func subtasks(parallelism int32) []*state.Backend {
	backends := make([]*state.Backend, parallelism)
	for i := range backends {
		backends[i] = state.New(maxParallelism, checkpoint.KeyGroupRangeForSubtask(int32(i), maxParallelism, parallelism))
	}
	return backends
}

// write writes the state of all subtasks.
func (w *world) write(t *testing.T, backends []*state.Backend) checkpoint.OperatorState {
	t.Helper()
	op := checkpoint.OperatorState{ID: checkpoint.OperatorIDFromUID("op"), Parallelism: int32(len(backends)), MaxParallelism: maxParallelism}
	for i, b := range backends {
		written, err := b.Snapshot().Write(t.Context(), w.streams(t), checkpoint.CheckpointType)
		must(t, err)
		op.Subtasks = append(op.Subtasks, checkpoint.SubtaskState{Index: int32(i), State: written})
	}
	return op
}

// restored gives the state to so many subtasks, as restore decides.
func restored(t *testing.T, at storage.CompletedCheckpointStorageLocation, op checkpoint.OperatorState, parallelism int32) []*state.Backend {
	t.Helper()
	j, err := job.New(job.Vertex{Name: "op", Parallelism: parallelism, MaxParallelism: maxParallelism, Operators: []job.Operator{{ID: op.ID}}})
	must(t, err)
	assignment, err := restore.Assign(1, j, []checkpoint.OperatorState{op}, nil)
	must(t, err)
	backends := subtasks(parallelism)
	for i, b := range backends {
		task := assignment.Vertices[0].Subtask(int32(i))
		must(t, b.Restore(t.Context(), at, &task.Operators[0]))
	}
	return backends
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func inMemory(t *testing.T) *world {
	t.Helper()
	return newWorld(t, new(mem.Backend))
}
