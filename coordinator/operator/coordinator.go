package operator

import "context"

// NoCheckpoint is the checkpoint id of a reset to the beginning.
const NoCheckpoint int64 = -1

// Coordinator is the part of an operator that runs once (Flink: OperatorCoordinator).
// A [Holder] calls it, one call at a time; the calls must not call the holder back,
// but may send events. What takes long belongs into goroutines of its own.
type Coordinator interface {
	// Start begins the work. A job that is restored resets the coordinator before.
	Start(ctx context.Context) error

	// Close ends it, and waits for what it had started. It is the last call.
	Close() error

	// SubtaskReady says that the subtask runs, and how to reach it until it fails.
	SubtaskReady(subtask *Subtask)

	// SubtaskFailed says that the subtask does not run any more.
	SubtaskFailed(subtask int32, cause error)

	// SubtaskReset says that the subtask goes back to a checkpoint while others go on.
	// What it was told after that checkpoint is to be told again, when it is ready;
	// with [NoCheckpoint] all of it. Subtasks do not go back one by one when the
	// whole job does.
	SubtaskReset(subtask int32, checkpointID int64)

	// HandleEvent takes what a subtask says. An error fails the job.
	HandleEvent(subtask int32, event []byte) error

	// Checkpoint returns the state. Nil says that there is none, which is not the
	// same as an empty one. It calls seal at the moment of which the state is, under
	// whatever lock keeps it from sending events: those that were sent before are in
	// the checkpoint, and those after are not. A coordinator that sends events only
	// when it is called need not: returning seals too. The context ends when the
	// checkpoint is given up.
	Checkpoint(ctx context.Context, checkpointID int64, seal func()) (state []byte, err error)

	// NotifyCheckpointComplete says that the checkpoint is what the job would go
	// back to now. Such a message may be lost.
	NotifyCheckpointComplete(checkpointID int64)

	// NotifyCheckpointAborted says that the checkpoint will never be complete. Such a
	// message may be lost.
	NotifyCheckpointAborted(checkpointID int64)

	// ResetToCheckpoint takes the coordinator back to a checkpoint. The state is
	// what it had saved with it, which may be empty; nil says that it had saved
	// nothing, and starts empty. With [NoCheckpoint] there is no checkpoint at all.
	// Subtasks that were ready are not any more. The state must not be changed.
	ResetToCheckpoint(ctx context.Context, checkpointID int64, state []byte) error
}
