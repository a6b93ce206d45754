package task

import "context"

// Gateway is how the coordinator reaches one attempt of a subtask (Flink:
// TaskManagerGateway). Its methods hand the message over and return; what they ask
// for happens later, in the subtask. They are called by many goroutines at once, and
// never under a lock of the coordinator: they may call it back.
//
// An error says that the message will not arrive. For a barrier that ends the
// checkpoint; a notification is lost then, which a subtask must live with anyway:
// what it holds back for checkpoint 7 it may make visible when it hears of
// checkpoint 8, or is restored from it.
type Gateway interface {
	TriggerCheckpoint(ctx context.Context, barrier Barrier) error
	NotifyCheckpointComplete(ctx context.Context, completed Completed) error
	NotifyCheckpointAborted(ctx context.Context, aborted Aborted) error
}

// Responder is how subtasks answer (Flink: CheckpointResponder). The checkpoint
// coordinator is one. It is safe for use by many goroutines at once.
type Responder interface {
	// AcknowledgeCheckpoint reports whether the message belonged to a checkpoint
	// that is being taken, or was not long ago. State that comes too late is
	// discarded; nobody else has to.
	AcknowledgeCheckpoint(ctx context.Context, ack Acknowledgement) (known bool)

	DeclineCheckpoint(ctx context.Context, decline Decline)
}
