package checkpoint

import (
	"errors"
	"fmt"
)

// FailureReason says why a checkpoint did not come to be (Flink:
// CheckpointFailureReason, whose names these are).
type FailureReason string

// What keeps a checkpoint from being triggered: no task has heard of it.
const (
	PeriodicSchedulerShutdown     FailureReason = "PERIODIC_SCHEDULER_SHUTDOWN"
	TooManyCheckpointRequests     FailureReason = "TOO_MANY_CHECKPOINT_REQUESTS"
	MinimumTimeBetweenCheckpoints FailureReason = "MINIMUM_TIME_BETWEEN_CHECKPOINTS"
	NotAllRequiredTasksRunning    FailureReason = "NOT_ALL_REQUIRED_TASKS_RUNNING"
	IOException                   FailureReason = "IO_EXCEPTION" // of the checkpoint storage, or of the id counter
	BlockingOutputExist           FailureReason = "BLOCKING_OUTPUT_EXIST"
)

// What ends a checkpoint that was triggered.
const (
	CheckpointExpired                 FailureReason = "CHECKPOINT_EXPIRED"  // took longer than its timeout
	CheckpointSubsumed                FailureReason = "CHECKPOINT_SUBSUMED" // a newer one completed first
	CheckpointDeclined                FailureReason = "CHECKPOINT_DECLINED" // by a task, without a closer reason
	DeclinedTaskNotReady              FailureReason = "CHECKPOINT_DECLINED_TASK_NOT_READY"
	DeclinedTaskClosing               FailureReason = "CHECKPOINT_DECLINED_TASK_CLOSING"
	DeclinedSubsumed                  FailureReason = "CHECKPOINT_DECLINED_SUBSUMED" // a barrier of a newer one came first
	DeclinedOnCancellationBarrier     FailureReason = "CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER"
	DeclinedInputEndOfStream          FailureReason = "CHECKPOINT_DECLINED_INPUT_END_OF_STREAM"
	CoordinatorShutdown               FailureReason = "CHECKPOINT_COORDINATOR_SHUTDOWN"
	CoordinatorSuspend                FailureReason = "CHECKPOINT_COORDINATOR_SUSPEND" // the scheduler was stopped
	JobFailoverRegion                 FailureReason = "JOB_FAILOVER_REGION"
	TaskFailure                       FailureReason = "TASK_FAILURE"
	TaskCheckpointFailure             FailureReason = "TASK_CHECKPOINT_FAILURE"
	UnknownTaskNotificationFailure    FailureReason = "UNKNOWN_TASK_CHECKPOINT_NOTIFICATION_FAILURE"
	CheckpointAsyncException          FailureReason = "CHECKPOINT_ASYNC_EXCEPTION" // while a task wrote its state
	ChannelStateSharedStreamException FailureReason = "CHANNEL_STATE_SHARED_STREAM_EXCEPTION"
	FinalizeCheckpointFailure         FailureReason = "FINALIZE_CHECKPOINT_FAILURE"
	TriggerCheckpointFailure          FailureReason = "TRIGGER_CHECKPOINT_FAILURE"
)

// PreFlight reports whether no task was involved yet.
func (r FailureReason) PreFlight() bool {
	switch r {
	case PeriodicSchedulerShutdown, TooManyCheckpointRequests, MinimumTimeBetweenCheckpoints,
		NotAllRequiredTasksRunning, IOException, BlockingOutputExist:
		return true
	}
	return false
}

// Failure is the error of a checkpoint that did not come to be (Flink:
// CheckpointException). It matches another Failure of the same reason without a
// cause, so that errors.Is(err, &Failure{Reason: CheckpointExpired}) asks for a reason.
type Failure struct {
	Reason FailureReason
	Cause  error // nil if the reason says it all
}

// Error returns the reason and the cause.
func (f *Failure) Error() string {
	if f.Cause == nil {
		return string(f.Reason)
	}
	return fmt.Sprintf("%s: %s", f.Reason, f.Cause)
}

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Cause }

// Is reports whether the target asks for this reason.
func (f *Failure) Is(target error) bool {
	other, ok := target.(*Failure)
	return ok && other.Cause == nil && other.Reason == f.Reason
}

// ReasonOf returns the reason of the first Failure in the error, or otherwise if
// there is none.
func ReasonOf(err error, otherwise FailureReason) FailureReason {
	var failure *Failure
	if errors.As(err, &failure) {
		return failure.Reason
	}
	return otherwise
}
