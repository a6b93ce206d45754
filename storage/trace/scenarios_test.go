package trace_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
)

// publishCheckpoint writes two files of state, and then the name of it all.
func publishCheckpoint(t *testing.T, b backend.Backend, _ *mem.Backend) {
	location := begin(t, b)
	_, err := publication(t, location, states(t, location))
	must(t, err)
}

// loseRace is two coordinators that publish the same checkpoint, the second of which
// is told.
func loseRace(t *testing.T, b backend.Backend, plain *mem.Backend) {
	first := begin(t, plain)
	_, err := publication(t, first, states(t, first))
	must(t, err)
	second := begin(t, b)
	if _, err := publication(t, second, states(t, second)); !errors.Is(err, storage.ErrCheckpointExists) {
		t.Errorf("the second gets %v", err)
	}
}

// abortCheckpoint gives up after all state is there.
func abortCheckpoint(t *testing.T, b backend.Backend, _ *mem.Backend) {
	location := begin(t, b)
	states(t, location)
	must(t, location.DisposeOnFailure(t.Context()))
	if left := listed(t, b, ""); len(left) > 0 {
		t.Errorf("left %q", left)
	}
}

// disposeCheckpoint removes the name first, so that nobody finds half of it.
func disposeCheckpoint(t *testing.T, b backend.Backend, _ *mem.Backend) {
	location := begin(t, b)
	done, err := publication(t, location, states(t, location))
	must(t, err)
	must(t, storage.DisposeStorageLocation(t.Context(), done, nil))
	if left := listed(t, b, ""); len(left) > 0 {
		t.Errorf("left %q", left)
	}
}

// begin begins checkpoint 7 of a job.
func begin(t *testing.T, b backend.Backend) *storage.CheckpointStorageLocation {
	t.Helper()
	id, err := checkpoint.ParseJobID("3c7c0a4b5d6e7f8091a2b3c4d5e6f708")
	must(t, err)
	access, err := over(t, b).CreateCheckpointStorage(t.Context(), id, "mem://demo/checkpoints", &storage.AccessOptions{InlineThreshold: 8, AllowVolatile: true})
	must(t, err)
	location, err := access.InitializeLocationForCheckpoint(7)
	must(t, err)
	return location
}

// over returns the storage over a backend that stays open.
func over(t *testing.T, b backend.Backend) *storage.BackendStorage {
	t.Helper()
	var registry backend.Registry
	registry.Register(func(context.Context, backend.Root) (backend.Backend, error) { return b, nil }, "mem")
	s, err := storage.New(&registry, nil)
	must(t, err)
	return s
}

// states writes the state of two subtasks.
func states(t *testing.T, location *storage.CheckpointStorageLocation) (handles []checkpoint.StreamStateHandle) {
	t.Helper()
	for range 2 {
		stream := location.CreateCheckpointStateOutputStream(t.Context(), storage.ExclusiveState)
		_, err := io.WriteString(stream, "all that was counted")
		must(t, err)
		handle, err := stream.CloseAndGetHandle()
		must(t, err)
		handles = append(handles, handle)
	}
	return handles
}

// publication publishes metadata that holds the handles.
func publication(t *testing.T, location *storage.CheckpointStorageLocation, handles []checkpoint.StreamStateHandle) (storage.CompletedCheckpointStorageLocation, error) {
	t.Helper()
	file := &metadata.File{Version: metadata.CurrentVersion, Metadata: checkpoint.Metadata{CheckpointID: 7}}
	operator := checkpoint.OperatorState{ID: checkpoint.OperatorIDFromUID("counter"), Parallelism: 2, MaxParallelism: 2}
	for i, handle := range handles {
		operator.Subtasks = append(operator.Subtasks, checkpoint.SubtaskState{Index: int32(i), State: &checkpoint.OperatorSubtaskState{
			RawKeyedState: &checkpoint.KeyGroupsStateHandle{Range: checkpoint.KeyGroups(int32(i), int32(i)), Offsets: []int64{0}, Delegate: handle}}})
	}
	file.Operators = append(file.Operators, operator)
	stream, err := location.CreateMetadataOutputStream(t.Context())
	must(t, err)
	defer stream.Close()
	must(t, metadata.Write(stream, file, nil))
	return stream.CloseAndFinalizeCheckpoint()
}

// restoreSavepoint restores what real Flink took of four subtasks into two, and reads
// the state of the first.
func restoreSavepoint(t *testing.T, b backend.Backend, plain *mem.Backend) {
	savepoint := upload(t, plain)
	store := over(t, b)
	counts, err := job.New(job.Vertex{Name: "counts", Parallelism: 2,
		Operators: []job.Operator{{ID: checkpoint.OperatorIDFromUID("keyed-counts-石")}}})
	must(t, err)
	c, err := coordinator.New(counts, store, nil)
	must(t, err)
	restored, err := c.RestoreSavepoint(t.Context(), coordinator.SavepointRestoreSettings{Path: "mem://demo/" + savepoint, AllowNonRestoredState: true})
	must(t, err)
	for handle := range restored.Assignment.Vertices[0].Subtask(0).Operators[0].Streams() {
		state, err := restored.Open(t.Context(), handle)
		must(t, err)
		_, err = io.ReadAll(state)
		must(t, err)
		must(t, state.Close())
	}
	must(t, c.Shutdown(t.Context(), completed.Suspended))
	must(t, store.Close())
}

// upload puts the savepoint into the store and returns its directory there.
func upload(t *testing.T, b backend.Backend) string {
	t.Helper()
	found, err := filepath.Glob("../../testdata/flink/2.3.0/hashmap-savepoint/savepoint-*")
	if err != nil || len(found) != 1 {
		t.Fatalf("want one savepoint, found %v: %v", found, err)
	}
	files, err := os.ReadDir(found[0])
	must(t, err)
	dir := "savepoints/" + filepath.Base(found[0])
	for _, file := range files {
		data, err := os.ReadFile(filepath.Join(found[0], file.Name()))
		must(t, err)
		publish(t, b, dir+"/"+file.Name(), string(data), nil)
	}
	return dir
}
