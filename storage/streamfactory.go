package storage

import (
	"context"
	"fmt"

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

// CheckpointStreamFactory makes the streams that the state of one checkpoint is
// written to. It is safe for use by many goroutines at once.
type CheckpointStreamFactory struct {
	backend backend.Backend
	directories
	writing writing
}

// directories are where the files of a checkpoint go. For a savepoint all are one.
type directories struct{ exclusive, shared, taskOwned Path }

// CreateCheckpointStateOutputStream begins to write a piece of state. The store
// hears of it once the state has outgrown the buffer. The context holds until the
// stream is closed.
func (f *CheckpointStreamFactory) CreateCheckpointStateOutputStream(ctx context.Context, scope CheckpointedStateScope) *CheckpointStateOutputStream {
	if scope == SharedState {
		return newStateStream(ctx, f.backend, f.shared, f.writing, false)
	}
	// A path that another path is needed to find cannot be found relative to the
	// metadata, which lies where no entropy is.
	return newStateStream(ctx, f.backend, f.exclusive, f.writing, !f.writing.entropy.isIn(f.exclusive))
}
