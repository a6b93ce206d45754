package operator

import (
	"context"

	"github.com/cairnstate/cairn/task"
)

// Participant is an operator's coordinator as the checkpoint coordinator sees it
// (Flink: OperatorCoordinatorCheckpointContext). [Holder] is one. It is safe for use by
// many goroutines at once. Nothing but ResetToCheckpoint waits for the coordinator
// behind it.
type Participant interface {
	// Checkpoint asks for the state. The answer is given once, later, in whatever
	// goroutine and without any lock. It may come after the checkpoint was aborted,
	// and then says nothing. No task may be told of the checkpoint before all
	// coordinators have answered. One checkpoint is asked for at a time, with growing
	// ids.
	//
	// Who gives the checkpoint up ends the context, then calls
	// NotifyCheckpointAborted. The context alone is not an answer; but nothing is
	// asked once it has ended.
	Checkpoint(ctx context.Context, checkpointID int64, answer func(state []byte, err error))

	// Acknowledged says that the attempt of a subtask has acknowledged the
	// checkpoint. Attempts that are not of this operator are passed over. It may be
	// called under the lock of the checkpoint coordinator.
	Acknowledged(checkpointID int64, attempt task.ExecutionAttempt)

	// NotifyCheckpointComplete says that the checkpoint is complete.
	NotifyCheckpointComplete(checkpointID int64)

	// NotifyCheckpointAborted says that the checkpoint will never be complete,
	// whether or not any task was told of it. One that is being asked for answers
	// with [ErrAborted].
	NotifyCheckpointAborted(checkpointID int64)

	// ResetToCheckpoint goes back: see [Coordinator]. It is called under the lock of
	// the checkpoint coordinator, which must not be called back.
	ResetToCheckpoint(ctx context.Context, checkpointID int64, state []byte) error

	// SubtaskReset says that one subtask goes back.
	SubtaskReset(subtask int32, checkpointID int64)
}
