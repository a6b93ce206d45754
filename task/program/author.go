package program

import (
	"context"
	"log/slog"

	"github.com/cairnstate/cairn/task"
	"github.com/cairnstate/cairn/task/state"
)

// Subtask is where an operator runs.
type Subtask struct {
	Name        string // of the operator
	Index       int32  // of the subtask, from 0
	Parallelism int32
	Attempt     task.ExecutionAttempt

	// RestoredCheckpoint is the checkpoint that the state is from. If it is 0 the
	// operator begins anew; if it is not, the operator does not, even if the subtask
	// was given no state.
	RestoredCheckpoint int64

	// Epoch is higher with each process that takes the job over. One that was taken
	// over may run for a moment beside its successor; what carries a higher epoch than
	// its own is not its to touch. It is 0 where nothing takes over.
	Epoch int64

	// State is where the operator declares what it remembers, in Open.
	State *state.Backend

	Logger *slog.Logger
}

// Restored reports whether the operator goes on from a checkpoint.
func (s *Subtask) Restored() bool { return s.RestoredCheckpoint != 0 }

// Source makes records.
type Source[Out any] interface {
	// Open is called first. It declares state.
	Open(ctx context.Context, sub *Subtask) error

	// Next emits the next records, and returns soon: between two calls checkpoints are
	// taken. It may wait for records until its context ends, which it does when the
	// subtask has something else to do; Next is called again after that, so an error
	// of this context is none. [io.EOF] says that there will be no more.
	//
	// What was emitted and what state says of it must agree whenever Next returns.
	Next(ctx context.Context, emit func(Out) error) error
}

// Operator makes records of records.
type Operator[In, Out any] interface {
	// Open is called first. It declares state.
	Open(ctx context.Context, sub *Subtask) error

	// Process takes a record, and emits any number.
	Process(ctx context.Context, record In, emit func(Out) error) error
}

// Sink takes records out of the job.
type Sink[In any] interface {
	// Open is called first. It declares state.
	Open(ctx context.Context, sub *Subtask) error

	// Write takes a record.
	Write(ctx context.Context, record In) error
}

// Snapshotter is an operator that brings its state up to date for a checkpoint, before
// the state is frozen: all records from before are processed, none from after it is.
type Snapshotter interface {
	Snapshot(ctx context.Context, checkpointID int64) error
}

// Listener is an operator that is told when a checkpoint is complete, which it may have
// held something back for. It may hear of a later checkpoint only: then the earlier ones
// need not be waited for any more.
type Listener interface {
	CheckpointComplete(ctx context.Context, checkpointID int64) error
}

// Finisher is an operator that has something to say when there will be no more records:
// it emits the last of its own. A sink emits nothing, so its Finisher is a Finisher[any].
type Finisher[Out any] interface {
	Finish(ctx context.Context, emit func(Out) error) error
}
