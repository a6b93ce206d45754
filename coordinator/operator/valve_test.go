package operator_test

import (
	"context"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/coordinator/operator"
	"github.com/cairnstate/cairn/task"
)

func TestEventsAfterTheSnapshotWaitForEachSubtask(t *testing.T) {
	s := newStage(t)
	a := s.ready(0, 0)
	b := s.ready(1, 0)
	s.send(t, 0, "before")
	s.expect(t, "0.0 gets before")
	s.ask(7)
	s.expect(t, "ask 7; state of 7: of 7")
	s.send(t, 0, "x")
	s.send(t, 0, "y")
	s.send(t, 1, "z")
	s.expect(t, "")
	s.holder.Acknowledged(7, task.ExecutionAttempt{Subtask: 0, Attempt: 1}) // is not the one that runs
	s.holder.Acknowledged(6, a)
	s.expect(t, "")
	s.holder.Acknowledged(7, a)
	s.expect(t, "0.0 gets x; 0.0 gets y")
	s.holder.Acknowledged(7, b)
	s.expect(t, "1.0 gets z")
	s.holder.NotifyCheckpointComplete(7)
	s.expect(t, "complete 7")
}

func TestEitherEndOpensTheValves(t *testing.T) {
	for end, tell := range map[string]func(*operator.Holder, int64){
		"complete": (*operator.Holder).NotifyCheckpointComplete,
		"aborted":  (*operator.Holder).NotifyCheckpointAborted,
	} {
		s := newStage(t)
		s.ready(0, 0)
		s.ask(7)
		s.run()
		s.send(t, 0, "held")
		s.expect(t, "")
		tell(s.holder, 7)
		if got := s.run(); !strings.Contains(got, "0.0 gets held") || !strings.Contains(got, end+" 7") {
			t.Errorf("%s: heard %q", end, got)
		}
	}
}

// Two checkpoints have valves in one pipe, which open in either order.
func TestCheckpointsOverlap(t *testing.T) {
	for _, first := range []int64{7, 8} {
		s := newStage(t)
		a := s.ready(0, 0)
		s.ask(7)
		s.run()
		s.ask(8)
		s.expect(t, "ask 8; state of 8: of 8")
		s.send(t, 0, "held")
		s.holder.Acknowledged(first, a)
		s.expect(t, "")
		s.holder.Acknowledged(15-first, a)
		s.expect(t, "0.0 gets held")
	}
}

// An event that one checkpoint holds back is from before the next.
func TestTheNextCheckpointWaitsForHeldEvents(t *testing.T) {
	s := newStage(t)
	a := s.ready(0, 0)
	s.ask(7)
	s.run()
	s.send(t, 0, "held")
	s.ask(8)
	s.expect(t, "ask 8")
	s.send(t, 0, "after")
	s.holder.Acknowledged(7, a)
	s.expect(t, "0.0 gets held; state of 8: of 8")
	s.holder.Acknowledged(8, a)
	s.expect(t, "0.0 gets after")
}

func TestACheckpointThatIsGivenUpAnswersAndOpens(t *testing.T) {
	for why, giveUp := range map[string]func(*stage){
		"checkpoint was given up":        func(s *stage) { s.holder.NotifyCheckpointAborted(8) },
		"operator event may be lost":     func(s *stage) { s.holder.SubtaskFailed(task.ExecutionAttempt{}, nil) },
		"operator coordinator is closed": func(s *stage) { _ = s.holder.Close() },
	} {
		t.Run(why, func(t *testing.T) {
			s := newStage(t)
			s.ready(0, 0)
			other := s.ready(1, 0)
			s.ask(7)
			s.run()
			s.send(t, 0, "held")
			answered := make(chan error, 2)
			s.holder.Checkpoint(t.Context(), 8, func(_ []byte, err error) { answered <- err })
			s.run()
			s.send(t, 1, "other")
			giveUp(s)
			s.holder.Acknowledged(7, other)
			s.run()
			if len(answered) != 1 {
				t.Fatalf("answered %d times", len(answered))
			}
			if err := <-answered; err == nil || !strings.Contains(err.Error(), why) {
				t.Errorf("answered %v", err)
			}
		})
	}
}

// The coordinator is asked when the checkpoint is given up.
func TestGivenUpWhileAsked(t *testing.T) {
	s := newStage(t)
	s.ready(0, 0)
	s.during = func() {
		s.send(t, 0, "held")
		s.holder.NotifyCheckpointAborted(7)
	}
	s.ask(7)
	s.expect(t, "ask 7; no need of 7; 0.0 gets held; no 7: coordinator of operator "+s.holder.Operator().String()+": checkpoint 7: checkpoint was given up; aborted 7")
}

// A checkpoint is given up between its beginning and its question.
func TestGivenUpBeforeAsked(t *testing.T) {
	s := newStage(t)
	s.ready(0, 0)
	ctx, giveUp := context.WithCancelCause(t.Context())
	giveUp(errBroken)
	s.holder.Checkpoint(ctx, 7, func(_ []byte, err error) { s.hear("no: %v", err) })
	s.send(t, 0, "free")
	s.expect(t, "no: coordinator of operator "+s.holder.Operator().String()+": checkpoint 7: broken; 0.0 gets free")
}

func TestAFailureOpensTheValves(t *testing.T) {
	s := newStage(t)
	s.ready(0, 0)
	s.fails = errBroken
	s.during = func() { s.send(t, 0, "held") }
	s.ask(7)
	s.expect(t, "ask 7; 0.0 gets held; no 7: coordinator of operator "+s.holder.Operator().String()+": checkpoint 7: broken")
}

func TestCheckpointRefuses(t *testing.T) {
	s := newStage(t)
	s.ready(0, 0)
	s.ask(7)
	s.ask(8)
	prefix := "coordinator of operator " + s.holder.Operator().String() + ": checkpoint "
	s.expect(t, "ask 7; no 8: "+prefix+"8: checkpoint 7 is still being asked for; state of 7: of 7")
	s.ask(7)
	s.expect(t, "no 7: "+prefix+"7: checkpoint 7 was asked for before")
	s.fails = errBroken
	s.ask(9)
	s.expect(t, "ask 9; no 9: "+prefix+"9: broken")
	s.send(t, 0, "held by 7 alone")
	s.holder.NotifyCheckpointAborted(7)
	s.expect(t, "0.0 gets held by 7 alone; aborted 7")
}
