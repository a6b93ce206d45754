package operator

import (
	"fmt"

	"github.com/cairnstate/cairn/task"
)

// post has the coordinator called after all that was posted before. The lock is held.
func (h *Holder) post(call func()) {
	if h.closed {
		return
	}
	h.calls = append(h.calls, call)
	if !h.calling {
		h.calling = true
		h.opts.Executor.Go(h.next)
	}
}

// next makes one call. It waits for its turn first: a reset may forget the call until
// then.
func (h *Holder) next() {
	h.turn.Lock()
	defer h.turn.Unlock()
	if call := h.take(); call != nil {
		call()
		h.more()
	}
}

func (h *Holder) take() func() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.calls) == 0 {
		h.calling = false
		return nil
	}
	call := h.calls[0]
	h.calls = h.calls[1:]
	return call
}

func (h *Holder) more() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.calling = len(h.calls) > 0
	if h.calling {
		h.opts.Executor.Go(h.next)
	}
}

// SubtaskReady says that the attempt runs, and how to reach it. An earlier one of the
// same subtask gets no more events.
func (h *Holder) SubtaskReady(attempt task.ExecutionAttempt, gateway task.EventGateway) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return
	}
	if old, there := h.subtasks[attempt.Subtask]; there {
		h.leave(old)
	}
	s := newSubtask(h, attempt, gateway)
	h.subtasks[attempt.Subtask] = s
	h.post(func() { h.coordinator.SubtaskReady(s) })
}

// SubtaskFailed says that the attempt does not run any more. What was held back for it
// is forgotten.
func (h *Holder) SubtaskFailed(attempt task.ExecutionAttempt, cause error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s, there := h.subtasks[attempt.Subtask]; there && s.attempt == attempt {
		h.leave(s)
	}
	h.post(func() { h.coordinator.SubtaskFailed(attempt.Subtask, cause) })
}

// SubtaskReset says that the subtask goes back to a checkpoint.
func (h *Holder) SubtaskReset(subtask int32, checkpointID int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s, there := h.subtasks[subtask]; there {
		h.leave(s)
	}
	h.post(func() { h.coordinator.SubtaskReset(subtask, checkpointID) })
}

// HandleEvent takes an event of a subtask. It is [ErrGone] if the attempt is not one
// that runs.
func (h *Holder) HandleEvent(attempt task.ExecutionAttempt, event []byte) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s, there := h.subtasks[attempt.Subtask]; !there || s.gone || s.attempt != attempt {
		return fmt.Errorf("coordinator of operator %s: event from %s: %w", h.operator, attempt, ErrGone)
	}
	h.post(func() {
		if err := h.coordinator.HandleEvent(attempt.Subtask, event); err != nil {
			cause := fmt.Errorf("coordinator of operator %s: event from %s: %w", h.operator, attempt, err)
			h.opts.Executor.Go(func() { h.opts.FailJob(cause) })
		}
	})
	return nil
}
