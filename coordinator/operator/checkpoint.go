package operator

import (
	"context"
	"fmt"

	"github.com/cairnstate/cairn/task"
)

// question is a checkpoint that the coordinator is asked for.
type question struct {
	checkpointID int64
	answer       func(state []byte, err error)
	ctx          context.Context
	cancel       context.CancelCauseFunc

	sealed, answered bool
	lost             bool // a subtask may have missed an event
	state            []byte
	waiting          map[*Subtask]struct{} // have events from before that are not confirmed
}

// Checkpoint asks the coordinator for its state, closes the valves, and waits for the
// events from before: see [Participant].
func (h *Holder) Checkpoint(ctx context.Context, checkpointID int64, answer func(state []byte, err error)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.refuses(ctx, checkpointID); err != nil {
		err = fmt.Errorf("coordinator of operator %s: checkpoint %d: %w", h.operator, checkpointID, err)
		h.opts.Executor.Go(func() { answer(nil, err) })
		return
	}
	q := &question{checkpointID: checkpointID, answer: answer, waiting: make(map[*Subtask]struct{})}
	q.ctx, q.cancel = context.WithCancelCause(ctx)
	h.latest, h.asking = checkpointID, q
	h.post(func() { h.ask(q) })
}

// refuses says why there is nothing to ask. A checkpoint that was given up already has
// nobody who would open its valves.
func (h *Holder) refuses(ctx context.Context, checkpointID int64) error {
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case h.closed:
		return ErrClosed
	case h.asking != nil:
		return fmt.Errorf("checkpoint %d is still being asked for", h.asking.checkpointID)
	case checkpointID <= h.latest:
		return fmt.Errorf("checkpoint %d was asked for before", h.latest)
	}
	return nil
}

func (h *Holder) ask(q *question) {
	state, err := h.coordinator.Checkpoint(q.ctx, q.checkpointID, func() { h.seal(q) })
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.asking != q: // it was given up
	case err != nil:
		h.answer(q, nil, err)
	default:
		h.close(q)
		q.state, q.answered = state, true
		h.settle(q)
	}
}

// seal is called by the coordinator, whenever it likes.
func (h *Holder) seal(q *question) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.asking == q {
		h.close(q)
	}
}

// close closes the valves, once. The lock is held.
func (h *Holder) close(q *question) {
	if q.sealed {
		return
	}
	q.sealed = true
	for _, s := range h.subtasks {
		s.close(q.checkpointID)
		q.lost = q.lost || s.lost
		if !s.quiet(q.checkpointID) {
			q.waiting[s] = struct{}{}
		}
	}
}

// settle answers when nothing is missing. The lock is held.
func (h *Holder) settle(q *question) {
	switch {
	case !q.answered:
	case q.lost:
		h.answer(q, nil, ErrEventLost)
	case len(q.waiting) == 0:
		h.answer(q, q.state, nil)
	}
}

// answer ends the question. Without a state there is no checkpoint, and the valves
// open. The lock is held.
func (h *Holder) answer(q *question, state []byte, err error) {
	h.asking = nil
	q.cancel(err)
	if err != nil {
		err = fmt.Errorf("coordinator of operator %s: checkpoint %d: %w", h.operator, q.checkpointID, err)
		h.open(q.checkpointID)
	}
	h.opts.Executor.Go(func() { q.answer(state, err) })
}

// open opens all valves of a checkpoint. The lock is held.
func (h *Holder) open(checkpointID int64) {
	for _, s := range h.subtasks {
		s.open(checkpointID)
	}
}

// Acknowledged opens the valve of one subtask.
func (h *Holder) Acknowledged(checkpointID int64, attempt task.ExecutionAttempt) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s, there := h.subtasks[attempt.Subtask]; there && s.attempt == attempt {
		s.open(checkpointID)
	}
}

// NotifyCheckpointComplete opens the valves and tells the coordinator.
func (h *Holder) NotifyCheckpointComplete(checkpointID int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open(checkpointID)
	h.post(func() { h.coordinator.NotifyCheckpointComplete(checkpointID) })
}

// NotifyCheckpointAborted opens the valves and tells the coordinator. A checkpoint
// that is still being asked for is given up.
func (h *Holder) NotifyCheckpointAborted(checkpointID int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.asking != nil && h.asking.checkpointID == checkpointID {
		h.answer(h.asking, nil, ErrAborted)
	}
	h.open(checkpointID)
	h.post(func() { h.coordinator.NotifyCheckpointAborted(checkpointID) })
}
