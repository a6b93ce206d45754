package storage_test

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	localfs "github.com/cairnstate/cairn/storage/fs"
	"github.com/cairnstate/cairn/storage/mem"
)

// TestWhatIsWrittenIsRead writes checkpoints and savepoints with state of all scopes
// and sizes, and lets a storage that knows nothing of them resolve and read them.
func TestWhatIsWrittenIsRead(t *testing.T) {
	dir := t.TempDir()
	for base, opts := range map[string]struct {
		access storage.AccessOptions
		read   storage.Options
	}{
		"mem://b/ck":          {},
		dir + "/ck":           {},
		"mem://b/_entropy_/x": {storage.AccessOptions{EntropyKey: "_entropy_"}, storage.Options{Locations: []string{"mem://b"}}},
	} {
		t.Run(base, func(t *testing.T) {
			var host mem.Host
			var registry backend.Registry
			registry.Register(host.Open, "mem")
			registry.Register(localfs.Open, "file")
			s, err := storage.New(&registry, nil)
			must(t, err)
			defer s.Close()
			opts.access.AllowVolatile, opts.access.DefaultSavepointDirectory = true, base+"/sp"
			a, err := s.CreateCheckpointStorage(t.Context(), job(), base, &opts.access)
			must(t, err)
			savepoint, err := a.InitializeLocationForSavepoint(t.Context(), "")
			must(t, err)
			for _, l := range []*storage.CheckpointStorageLocation{locationOf(t, a, 8), savepoint} {
				pointer := writeAll(t, l)
				reader, err := storage.New(&registry, &opts.read)
				must(t, err)
				defer reader.Close()
				readAll(t, resolve(t, reader, pointer))
			}
		})
	}
}

// sizes are those of the pieces of state that writeAll writes, each twice.
func sizes() []int { return []int{1, 100, large, 5 * large} }

func pattern(size int) []byte { return bytes.Repeat([]byte(fmt.Sprintf("%d,", size)), size)[:size] }

// writeAll writes a checkpoint and returns the pointer to it.
func writeAll(t *testing.T, l *storage.CheckpointStorageLocation) string {
	t.Helper()
	operator := checkpoint.OperatorState{ID: checkpoint.OperatorIDFromUID("x"), Parallelism: 8, MaxParallelism: 8}
	for i, size := range sizes() {
		for _, scope := range []storage.CheckpointedStateScope{storage.ExclusiveState, storage.SharedState} {
			s := l.CreateCheckpointStateOutputStream(t.Context(), scope)
			_, err := s.Write(pattern(size))
			must(t, err)
			handle, err := s.CloseAndGetHandle()
			must(t, err)
			state := &checkpoint.OperatorSubtaskState{ManagedOperatorState: &checkpoint.OperatorStreamStateHandle{Delegate: handle}}
			operator.Subtasks = append(operator.Subtasks, checkpoint.SubtaskState{Index: int32(2*i + int(scope)), State: state})
		}
	}
	s, err := l.CreateMetadataOutputStream(t.Context())
	must(t, err)
	file := &metadata.File{Version: metadata.CurrentVersion, Metadata: checkpoint.Metadata{CheckpointID: 8, Operators: []checkpoint.OperatorState{operator}}}
	must(t, metadata.Write(s, file, nil))
	completed, err := s.CloseAndFinalizeCheckpoint()
	must(t, err)
	defer completed.Close()
	readAll(t, completed)
	return completed.ExternalPointer()
}

func readAll(t *testing.T, at storage.CompletedCheckpointStorageLocation) {
	t.Helper()
	read := 0
	for _, handle := range handles(t, at) {
		state, err := at.OpenState(t.Context(), handle)
		must(t, err)
		data, err := io.ReadAll(state)
		must(t, err)
		must(t, state.Close())
		if want := pattern(sizes()[read/2]); !bytes.Equal(data, want) {
			t.Errorf("%s: %T has %d bytes, want %d", at.ExternalPointer(), handle, len(data), len(want))
		}
		read++
	}
	if read != 2*len(sizes()) {
		t.Errorf("%s: read %d handles", at.ExternalPointer(), read)
	}
}
