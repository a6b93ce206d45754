package task

import (
	"context"

	"github.com/cairnstate/cairn/checkpoint"
)

// EventGateway is how the coordinator of an operator reaches the operator in one
// attempt of a subtask (Flink: TaskExecutorOperatorEventGateway). The [Gateway] of a
// subtask implements it too if one of its operators has a coordinator.
type EventGateway interface {
	// SendOperatorEvent returns nil when the subtask has the event, and will process
	// it before any barrier that it is sent from now on. An error says that this is
	// not known: the attempt is given up then, for what an event says cannot be
	// unsaid. Events of one operator come one at a time, in their order. The event
	// must not be changed.
	SendOperatorEvent(ctx context.Context, operator checkpoint.OperatorID, event []byte) error
}

// OperatorEvent is what an operator tells its coordinator (Flink: OperatorEvent).
type OperatorEvent struct {
	Attempt  ExecutionAttempt
	Operator checkpoint.OperatorID
	Payload  []byte
}

// EventResponder is how operators answer their coordinators (Flink:
// JobMasterOperatorEventGateway). It is safe for use by many goroutines at once.
type EventResponder interface {
	// HandleOperatorEvent hands the event over. The error says that nobody takes it:
	// the operator has no coordinator, or the attempt is one that was given up.
	HandleOperatorEvent(ctx context.Context, event OperatorEvent) error
}
