package simulation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/masterhook"
	"github.com/cairnstate/cairn/task"
)

// split is the coordinator of the sources' operator: its state is which checkpoint it
// is of.
type split struct {
	of    *leader
	asked map[int64]bool // and answered
}

var _ coordinator.OperatorCoordinator = (*split)(nil)

func splitState(id int64) string { return fmt.Sprintf("splits of checkpoint %d", id) }

// Checkpoint answers after a while.
func (s *split) Checkpoint(ctx context.Context, id int64, answer func(state []byte, err error)) {
	w := s.of.world
	s.of.spawn(w.between(0, 20*time.Millisecond), "its sources are asked for", fmt.Sprint(id), func() {
		switch {
		case ctx.Err() != nil:
			answer(nil, context.Cause(ctx))
		case w.chance(w.weather.declines):
			answer(nil, errors.New("the coordinator of sources is busy"))
		default:
			s.asked[id] = true
			answer([]byte(splitState(id)), nil)
		}
	})
}

// ResetToCheckpoint goes back, to what it had said.
func (s *split) ResetToCheckpoint(_ context.Context, id int64, state []byte) error {
	if id != coordinator.NoCheckpoint && state != nil && string(state) != splitState(id) {
		s.of.world.violated(Whole, "%s resets the coordinator of sources to checkpoint %d with %q", s.of.name, id, state)
	}
	return nil
}

// Acknowledged is of no interest.
func (s *split) Acknowledged(int64, task.ExecutionAttempt) {}

// NotifyCheckpointComplete is judged as a message to a task.
func (s *split) NotifyCheckpointComplete(id int64) { s.of.world.history.notified(s.of, id) }

// NotifyCheckpointAborted is judged as a message to a task.
func (s *split) NotifyCheckpointAborted(id int64) { s.of.world.history.notifiedAborted(s.of, id) }

// SubtaskReset is of no interest.
func (s *split) SubtaskReset(int32, int64) {}

// hook is a master hook whose state is which checkpoint it is of.
type hook struct {
	of        *leader
	triggered map[int64]bool
}

var _ masterhook.Hook = (*hook)(nil)

func hookState(id int64) string { return fmt.Sprintf("hook at checkpoint %d", id) }

// Identifier is the same for all leaders.
func (h *hook) Identifier() string { return "hook" }

// TriggerCheckpoint takes a while.
func (h *hook) TriggerCheckpoint(_ context.Context, id int64, _ time.Time) (*masterhook.State, error) {
	w := h.of.world
	if !h.of.waitFor(w.between(0, 20*time.Millisecond)) || w.chance(w.weather.declines) {
		return nil, errors.New("the system behind the hook is busy")
	}
	h.triggered[id] = true
	return &masterhook.State{Version: 1, Payload: []byte(hookState(id))}, nil
}

// Decode returns the payload.
func (h *hook) Decode(_ int32, payload []byte) (any, error) { return string(payload), nil }

// RestoreCheckpoint goes back, to what it had said.
func (h *hook) RestoreCheckpoint(_ context.Context, id int64, state any) error {
	if state != hookState(id) {
		h.of.world.violated(Whole, "%s restores the hook to checkpoint %d with %q", h.of.name, id, state)
	}
	return nil
}

// Reset is to the beginning.
func (h *hook) Reset(context.Context) error { return nil }

// Close is the end.
func (h *hook) Close() error { return nil }

// addBeside gives the coordinator its hook, and the sources theirs.
func (l *leader) addBeside() error {
	l.split = &split{of: l, asked: make(map[int64]bool)}
	l.hook = &hook{of: l, triggered: make(map[int64]bool)}
	return errors.Join(
		l.coordinator.AddOperatorCoordinator(l.world.job.Vertex(0).Operators[0].ID, l.split),
		l.coordinator.AddMasterHook(l.hook))
}

// waitFor stops the goroutine for a while, and reports whether the process lived on.
func (p *process) waitFor(d time.Duration) bool {
	if p.dead {
		return false
	}
	s := p.fallAsleep()
	p.world.after(d, p, "goes on", "", func() { p.wakeUp(s) })
	<-s.wake
	return !s.killed
}
