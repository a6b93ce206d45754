package operator

import (
	"context"
	"fmt"
	"slices"

	"github.com/cairnstate/cairn/task"
)

// Subtask is how a coordinator reaches one attempt of a subtask (Flink:
// SubtaskGateway). It is safe for use by many goroutines at once.
type Subtask struct {
	holder  *Holder
	attempt task.ExecutionAttempt
	gateway task.EventGateway
	ctx     context.Context
	cancel  context.CancelFunc

	// Guarded by the lock of the holder.
	pipe    []item
	sending bool // an event was taken out of the pipe and is not confirmed
	gone    bool
	lost    bool // it may have missed an event, and still runs
}

// item is an event on its way, or the closed valve of a checkpoint.
type item struct {
	event        []byte
	valve        bool
	checkpointID int64 // of the valve
}

func newSubtask(h *Holder, attempt task.ExecutionAttempt, gateway task.EventGateway) *Subtask {
	s := &Subtask{holder: h, attempt: attempt, gateway: gateway}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

// Index returns which subtask it is, from 0.
func (s *Subtask) Index() int32 { return s.attempt.Subtask }

// Attempt returns which attempt of it.
func (s *Subtask) Attempt() task.ExecutionAttempt { return s.attempt }

// SendEvent puts an event on its way and returns. Events arrive in their order. One
// that does not arrive ends the attempt. [ErrGone] says that it has ended: the
// coordinator is told so, or was. The event must not be changed any more.
func (s *Subtask) SendEvent(event []byte) error {
	s.holder.mu.Lock()
	defer s.holder.mu.Unlock()
	if s.gone {
		return fmt.Errorf("event to %s: %w", s.attempt, ErrGone)
	}
	s.pipe = append(s.pipe, item{event: event})
	s.pump()
	return nil
}

// pump sends the next event, if there is one before the first valve. The lock is held.
func (s *Subtask) pump() {
	if s.sending || len(s.pipe) == 0 || s.pipe[0].valve {
		return
	}
	event := s.pipe[0].event
	s.pipe[0], s.pipe = item{}, s.pipe[1:]
	s.sending = true
	s.holder.opts.Executor.Go(func() { s.deliver(event) })
}

func (s *Subtask) deliver(event []byte) {
	err := s.gateway.SendOperatorEvent(s.ctx, s.holder.operator, event)
	s.holder.mu.Lock()
	defer s.holder.mu.Unlock()
	switch {
	case s.gone:
	case err != nil:
		s.holder.lose(s, err)
	default:
		s.sending = false
		s.pump()
		s.holder.confirmed(s)
	}
}

// close closes the valve of a checkpoint behind all that was sent.
func (s *Subtask) close(checkpointID int64) {
	s.pipe = append(s.pipe, item{valve: true, checkpointID: checkpointID})
}

// open takes the valve of a checkpoint out, if it is there.
func (s *Subtask) open(checkpointID int64) {
	s.pipe = slices.DeleteFunc(s.pipe, func(i item) bool { return i.valve && i.checkpointID == checkpointID })
	s.pump()
}

// quiet reports whether no event is on its way before the valve of the checkpoint.
func (s *Subtask) quiet(checkpointID int64) bool {
	if s.sending {
		return false
	}
	first := slices.IndexFunc(s.pipe, func(i item) bool { return !i.valve || i.checkpointID == checkpointID })
	return first < 0 || s.pipe[first].valve
}

// confirmed is called when a subtask has an event. The lock is held.
func (h *Holder) confirmed(s *Subtask) {
	q := h.asking
	if q == nil {
		return
	}
	if _, waits := q.waiting[s]; waits && s.quiet(q.checkpointID) {
		delete(q.waiting, s)
		h.settle(q)
	}
}

// lose gives an attempt up that may have missed an event. Until somebody says that it
// has ended, there are no checkpoints: it could still acknowledge one. The lock is
// held.
func (h *Holder) lose(s *Subtask, cause error) {
	s.end()
	s.lost = true
	h.missing(s)
	cause = fmt.Errorf("coordinator of operator %s: event to %s: %w: %w", h.operator, s.attempt, ErrEventLost, cause)
	h.opts.Executor.Go(func() { h.opts.FailSubtask(s.attempt, cause) })
}

// leave forgets an attempt that has ended. The lock is held.
func (h *Holder) leave(s *Subtask) {
	s.end()
	delete(h.subtasks, s.Index())
	h.missing(s)
}

// end forgets what is on its way.
func (s *Subtask) end() {
	s.gone = true
	s.pipe = nil
	s.cancel()
}

// missing gives up a checkpoint that waits for the subtask to confirm. The lock is
// held.
func (h *Holder) missing(s *Subtask) {
	if q := h.asking; q != nil {
		if _, waits := q.waiting[s]; waits {
			h.answer(q, nil, ErrEventLost)
		}
	}
}
