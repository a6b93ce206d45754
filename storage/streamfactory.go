package storage

import (
	"context"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage/backend"
)

// CheckpointedStateScope says which checkpoints use a piece of state.
type CheckpointedStateScope int

// The scopes.
const (
	// ExclusiveState belongs to one checkpoint, and goes when that does.
	ExclusiveState CheckpointedStateScope = iota
	// SharedState may be used by later checkpoints too.
	SharedState
)

// String returns Flink's name of the scope.
func (s CheckpointedStateScope) String() string {
	switch s {
	case ExclusiveState:
		return "EXCLUSIVE"
	case SharedState:
		return "SHARED"
	}
	return fmt.Sprintf("CheckpointedStateScope(%d)", int(s))
}

// CheckpointStreamFactory is how a worker writes the state of one checkpoint: by
// streams, or out of files. It is safe for use by many goroutines at once.
type CheckpointStreamFactory struct {
	storage *BackendStorage
	backend backend.Backend
	directories
	metadata Path // the file, which relative handles lie beside
	writing  writing
}

// directories are where the files of a checkpoint go. For a savepoint all are one.
type directories struct{ exclusive, shared, taskOwned Path }

// CreateCheckpointStateOutputStream begins to write a piece of state. The store
// hears of it once the state has outgrown the buffer. The context holds until the
// stream is closed.
func (f *CheckpointStreamFactory) CreateCheckpointStateOutputStream(ctx context.Context, scope CheckpointedStateScope) *CheckpointStateOutputStream {
	return &CheckpointStateOutputStream{ctx: ctx, stateFile: f.stateFile(scope)}
}

func (f *CheckpointStreamFactory) stateFile(scope CheckpointedStateScope) stateFile {
	if scope == SharedState {
		return newStateFile(f.backend, f.shared, f.writing, false)
	}
	// A path that another path is needed to find cannot be found relative to the
	// metadata, which lies where no entropy is.
	return newStateFile(f.backend, f.exclusive, f.writing, !f.writing.entropy.isIn(f.exclusive))
}

// DiscardStates deletes the files of state that was written or uploaded here, for who
// cannot report its handles after all, as [DiscardStates] does. Handles that an earlier
// checkpoint reported must not be among them.
func (f *CheckpointStreamFactory) DiscardStates(ctx context.Context, handles []checkpoint.StreamStateHandle) error {
	return f.completed().DiscardStates(ctx, handles)
}

// completed returns the location as one whose metadata is there.
func (f *CheckpointStreamFactory) completed() *location {
	completed := newLocation(f.storage, f.backend, found{candidate: candidate{file: f.metadata, dir: f.dir()}})
	for _, dir := range []Path{f.exclusive, f.shared, f.taskOwned} {
		if f.writing.entropy.isIn(dir) {
			completed.own = append(completed.own, f.storage.entropicPlace(dir, f.writing.entropy))
		}
	}
	return completed
}

// dir is where the metadata goes, which is the exclusive directory but for entropy.
func (f *CheckpointStreamFactory) dir() Path {
	dir, _ := f.metadata.Parent()
	return dir
}
