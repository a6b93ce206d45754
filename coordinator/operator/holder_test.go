package operator_test

import (
	"context"
	"errors"
	"testing"

	"github.com/cairnstate/cairn/coordinator/operator"
	"github.com/cairnstate/cairn/task"
)

// An event is being sent when its attempt ends: whether it arrives is no matter.
func TestAnAttemptEndsWhileAnEventIsSent(t *testing.T) {
	s := newStage(t)
	a := s.ready(0, 0)
	s.sends = errBroken
	s.during = func() { s.holder.SubtaskFailed(a, nil) }
	s.send(t, 0, "x")
	s.expect(t, "0.0 gets x; it is gone; failed 0: <nil>")
}

func TestTheEndOfAnEarlierAttemptComesLate(t *testing.T) {
	s := newStage(t)
	a := s.ready(0, 0)
	s.ready(0, 1)
	s.holder.SubtaskFailed(a, nil)
	s.send(t, 0, "x")
	s.expect(t, "failed 0: <nil>; 0.1 gets x")
}

// TestNoCheckpointWhileAnEventMayBeLost has a subtask that missed an event and does not
// know it: it would acknowledge.
func TestNoCheckpointWhileAnEventMayBeLost(t *testing.T) {
	s := newStage(t)
	a := s.ready(0, 0)
	operatorID := "coordinator of operator " + s.holder.Operator().String()
	s.sends = errBroken
	s.send(t, 0, "lost")
	s.send(t, 0, "never sent")
	s.expect(t, "0.0 gets lost; fail 0.0: "+operatorID+": event to "+a.String()+": operator event may be lost: broken")
	if err := s.subtask[0].SendEvent(nil); !errors.Is(err, operator.ErrGone) {
		t.Errorf("send: %v", err)
	}
	if err := s.holder.HandleEvent(a, nil); !errors.Is(err, operator.ErrGone) {
		t.Errorf("handle: %v", err)
	}
	s.ask(7)
	s.expect(t, "ask 7; no 7: "+operatorID+": checkpoint 7: operator event may be lost")
	s.sends = nil
	s.holder.SubtaskFailed(a, errBroken)
	s.ask(8)
	s.expect(t, "failed 0: broken; ask 8; state of 8: of 8")
}

func TestWhatIsHeldBackIsForgottenWhen(t *testing.T) {
	for end, tell := range map[string]func(*stage, task.ExecutionAttempt){
		"failed 0: broken": func(s *stage, a task.ExecutionAttempt) { s.holder.SubtaskFailed(a, errBroken) },
		"reset 0 to 6":     func(s *stage, _ task.ExecutionAttempt) { s.holder.SubtaskReset(0, 6) },
		"ready 0.1":        func(s *stage, _ task.ExecutionAttempt) { s.ready(0, 1); s.hear("ready 0.1") },
		`reset to 6: "x"`: func(s *stage, _ task.ExecutionAttempt) {
			_ = s.holder.ResetToCheckpoint(context.Background(), 6, []byte("x"))
		},
		"close": func(s *stage, _ task.ExecutionAttempt) { _ = s.holder.Close() },
	} {
		t.Run(end, func(t *testing.T) {
			s := newStage(t)
			a := s.ready(0, 0)
			s.ask(7)
			s.run()
			old := s.subtask[0]
			s.send(t, 0, "held")
			tell(s, a)
			s.expect(t, end)
			s.holder.Acknowledged(7, a)
			s.expect(t, "")
			if err := old.SendEvent(nil); !errors.Is(err, operator.ErrGone) {
				t.Errorf("send: %v", err)
			}
		})
	}
}

func TestAResetForgetsCallsThatWereToCome(t *testing.T) {
	s := newStage(t)
	s.ready(0, 0)
	s.holder.NotifyCheckpointComplete(7)
	s.ask(8)
	if err := s.holder.ResetToCheckpoint(t.Context(), operator.NoCheckpoint, nil); err != nil {
		t.Fatal(err)
	}
	s.expect(t, `reset to -1: ""; no 8: coordinator of operator `+s.holder.Operator().String()+": checkpoint 8: checkpoint was given up")
	s.ready(0, 1)
	s.ask(3) // the counter went back, too
	s.expect(t, "ask 3; state of 3: of 3")
}

func TestEventsOfSubtasks(t *testing.T) {
	s := newStage(t)
	a := s.ready(0, 1)
	if err := s.holder.HandleEvent(task.ExecutionAttempt{}, nil); !errors.Is(err, operator.ErrGone) {
		t.Errorf("of an earlier attempt: %v", err)
	}
	s.fails = errBroken
	if err := s.holder.HandleEvent(a, []byte("more")); err != nil {
		t.Fatal(err)
	}
	s.expect(t, "0 says more; fail job: coordinator of operator "+s.holder.Operator().String()+": event from "+a.String()+": broken")
}

func TestAClosedHolderDoesNothing(t *testing.T) {
	s := newStage(t)
	if err := s.holder.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.ready(0, 0)
	s.heard = nil
	s.fails = errBroken
	if err := s.holder.Close(); !errors.Is(err, errBroken) {
		t.Errorf("close: %v", err)
	}
	s.holder.SubtaskReady(task.ExecutionAttempt{}, gateway{})
	s.holder.SubtaskFailed(task.ExecutionAttempt{}, nil)
	s.holder.SubtaskReset(0, 1)
	s.holder.NotifyCheckpointComplete(1)
	s.holder.NotifyCheckpointAborted(1)
	s.ask(1)
	s.expect(t, "close; no 1: coordinator of operator "+s.holder.Operator().String()+": checkpoint 1: operator coordinator is closed")
	if err := s.holder.Close(); err != nil {
		t.Errorf("close again: %v", err)
	}
	if err := s.holder.ResetToCheckpoint(t.Context(), 1, nil); !errors.Is(err, operator.ErrClosed) {
		t.Errorf("reset: %v", err)
	}
}
