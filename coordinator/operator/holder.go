package operator

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/work"
	"github.com/cairnstate/cairn/task"
)

// The ways in which a holder refuses, for errors.Is.
var (
	// ErrClosed says that the holder was closed.
	ErrClosed = errors.New("operator coordinator is closed")

	// ErrGone says that an attempt of a subtask does not run, or not any more.
	ErrGone = errors.New("subtask is not running")

	// ErrAborted says that a checkpoint was given up.
	ErrAborted = errors.New("checkpoint was given up")

	// ErrEventLost says that it is not known whether an event has arrived.
	ErrEventLost = errors.New("operator event may be lost")
)

// Options say what a holder works with.
type Options struct {
	// Executor runs all that is not done at once; nil for goroutines.
	Executor work.Executor

	// FailSubtask is told of an attempt that may have missed an event, and must not
	// go on: it goes back to a checkpoint, or the job does. Nil fails the job.
	FailSubtask func(attempt task.ExecutionAttempt, cause error)

	// FailJob is told of a coordinator that cannot go on. Nil ignores that. Both are
	// called without any lock.
	FailJob func(cause error)
}

// Holder stands between a [Coordinator], its subtasks and the checkpoint coordinator.
// It is safe for use by many goroutines at once.
type Holder struct {
	operator    checkpoint.OperatorID
	coordinator Coordinator
	opts        Options

	turn sync.Locker // is held while the coordinator is called

	mu       sync.Mutex // guards all below; nothing of anybody else is called under it
	closed   bool
	calls    []func()
	calling  bool // the next call was given to the executor
	subtasks map[int32]*Subtask
	asking   *question // nil if no checkpoint is being asked for
	latest   int64     // checkpoint that was asked for
}

// New returns a holder of the coordinator of an operator. opts may be nil.
func New(operator checkpoint.OperatorID, coordinator Coordinator, opts *Options) *Holder {
	h := &Holder{operator: operator, coordinator: coordinator, subtasks: make(map[int32]*Subtask), latest: math.MinInt64}
	if opts != nil {
		h.opts = *opts
	}
	if h.opts.Executor == nil {
		h.opts.Executor = new(work.Goroutines)
	}
	h.turn = h.opts.Executor.NewLock()
	if h.opts.FailJob == nil {
		h.opts.FailJob = func(error) {}
	}
	if h.opts.FailSubtask == nil {
		h.opts.FailSubtask = func(_ task.ExecutionAttempt, cause error) { h.opts.FailJob(cause) }
	}
	return h
}

// Operator returns the generated id of the operator.
func (h *Holder) Operator() checkpoint.OperatorID { return h.operator }

// Start starts the coordinator.
func (h *Holder) Start(ctx context.Context) error {
	h.turn.Lock()
	defer h.turn.Unlock()
	if err := h.coordinator.Start(ctx); err != nil {
		return fmt.Errorf("coordinator of operator %s: start: %w", h.operator, err)
	}
	return nil
}

// Close ends everything, and closes the coordinator after the call that it is in. Only
// the first Close does something.
func (h *Holder) Close() error {
	if !h.forget(ErrClosed, true) {
		return nil
	}
	h.turn.Lock()
	defer h.turn.Unlock()
	if err := h.coordinator.Close(); err != nil {
		return fmt.Errorf("coordinator of operator %s: close: %w", h.operator, err)
	}
	return nil
}

// ResetToCheckpoint forgets all that was under way, and takes the coordinator back.
// Attempts that are running get no more events.
func (h *Holder) ResetToCheckpoint(ctx context.Context, checkpointID int64, state []byte) error {
	if !h.forget(ErrAborted, false) {
		return ErrClosed
	}
	h.turn.Lock()
	defer h.turn.Unlock()
	return h.coordinator.ResetToCheckpoint(ctx, checkpointID, state)
}

// forget reports false if the holder is closed.
func (h *Holder) forget(cause error, closing bool) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	h.closed = closing
	h.calls = nil
	if h.asking != nil {
		h.answer(h.asking, nil, cause)
	}
	for _, s := range h.subtasks {
		h.leave(s)
	}
	h.latest = math.MinInt64
	return true
}
