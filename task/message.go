package task

import (
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
)

// Barrier begins a checkpoint: state from before it is in, from after it is not
// (Flink: CheckpointBarrier).
type Barrier struct {
	CheckpointID int64
	Timestamp    time.Time // of the trigger, the same for the whole checkpoint
	Options      CheckpointOptions
}

// CheckpointOptions say how a checkpoint is taken, and where its state goes.
type CheckpointOptions struct {
	Type checkpoint.SnapshotType

	// Location is given to
	// [storage.CheckpointStorageAccess.ResolveCheckpointStorageLocation].
	Location storage.CheckpointStorageLocationReference

	// ExactlyOnce asks for alignment: no record that comes after a barrier is
	// processed before the barriers of all inputs are there.
	ExactlyOnce bool

	// Unaligned lets the barrier overtake records, which become part of the
	// state; after AlignedTimeout of trying to align, or at once if that is 0.
	Unaligned      bool
	AlignedTimeout time.Duration
}

// Snapshot is the state of one subtask (Flink: TaskStateSnapshot), by the generated
// ids of its operators. Operators without state may be left out.
type Snapshot struct {
	Operators map[checkpoint.OperatorID]*checkpoint.OperatorSubtaskState

	// TaskDeployedAsFinished says that the subtask was restored as finished, and
	// so has not run at all.
	TaskDeployedAsFinished bool

	// TaskFinished says that all operators have finished, though the subtask still
	// runs.
	TaskFinished bool
}

// Acknowledgement says that a subtask has written its part of a checkpoint.
type Acknowledgement struct {
	Job          checkpoint.JobID
	Attempt      ExecutionAttempt
	CheckpointID int64
	State        *Snapshot // nil if it has none
	Metrics      Metrics
}

// Metrics say what a subtask's part of a checkpoint took (Flink: CheckpointMetrics).
// What is not known is zero.
type Metrics struct {
	Alignment           time.Duration // from the first barrier to the last
	SyncDuration        time.Duration // in which no record was processed
	AsyncDuration       time.Duration // in which state was written beside the records
	StartDelay          time.Duration // from the trigger to the first barrier
	BytesProcessed      int64         // while aligning
	BytesPersisted      int64         // of records in flight
	CheckpointedBytes   int64         // that were written for this checkpoint
	FullStateBytes      int64         // of the whole state, what was written before included
	UnalignedCheckpoint bool
}

// Decline says that a subtask cannot take part. The cause is a [checkpoint.Failure],
// or else counts as [checkpoint.TaskFailure].
type Decline struct {
	Job          checkpoint.JobID
	Attempt      ExecutionAttempt
	CheckpointID int64
	Cause        error
}

// Completed tells a subtask that a checkpoint is complete: what was held back for it
// may be made visible.
type Completed struct {
	CheckpointID int64
	Timestamp    time.Time // of the trigger

	// LastSubsumed is the newest checkpoint that was pushed out and is being
	// deleted; -1 if none is.
	LastSubsumed int64
}

// Aborted tells a subtask that a checkpoint will never be complete.
type Aborted struct {
	CheckpointID    int64
	LatestCompleted int64 // -1 if there is none
	Timestamp       time.Time
}
