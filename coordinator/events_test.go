package coordinator_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/operator"
	"github.com/cairnstate/cairn/task"
)

// herald is the coordinator of count, which sends what the test has it send.
type herald struct{ subtasks map[int32]*operator.Subtask }

func (h *herald) Start(context.Context) error                            { return nil }
func (h *herald) Close() error                                           { return nil }
func (h *herald) SubtaskReady(s *operator.Subtask)                       { h.subtasks[s.Index()] = s }
func (h *herald) SubtaskFailed(subtask int32, _ error)                   { delete(h.subtasks, subtask) }
func (h *herald) SubtaskReset(int32, int64)                              {}
func (h *herald) HandleEvent(int32, []byte) error                        { return nil }
func (h *herald) NotifyCheckpointComplete(int64)                         {}
func (h *herald) NotifyCheckpointAborted(int64)                          {}
func (h *herald) ResetToCheckpoint(context.Context, int64, []byte) error { return nil }

func (h *herald) Checkpoint(context.Context, int64, func()) ([]byte, error) {
	return []byte("all is said"), nil
}

// listener is a task that hears events.
type listener struct{ *stageTask }

func (l listener) SendOperatorEvent(_ context.Context, _ checkpoint.OperatorID, event []byte) error {
	return l.hears("event %s", event)
}

// withHerald gives the stage a holder of a herald, whose subtasks run.
func withHerald(t *testing.T, s *stage) (say func(event string)) {
	t.Helper()
	h := &herald{make(map[int32]*operator.Subtask)}
	holder := operator.New(countID, h, &operator.Options{Executor: s.crew})
	if err := s.AddOperatorCoordinator(countID, holder); err != nil {
		t.Fatal(err)
	}
	for subtask := range int32(2) {
		a := s.attempt(fmt.Sprint("count", subtask))
		holder.SubtaskReady(a, listener{&stageTask{s, "count", a}})
	}
	synctest.Wait()
	return func(event string) {
		t.Helper()
		for subtask := range int32(2) {
			if err := h.subtasks[subtask].SendEvent([]byte(event)); err != nil {
				t.Error(err)
			}
			synctest.Wait()
		}
	}
}

// An event that is sent after the coordinator of the operator has saved its state must
// not be in that of the subtasks.
func TestEventsWaitForTheSubtaskToAcknowledge(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		say := withHerald(t, s)
		for id, trigger := range []func(){
			func() { s.TriggerCheckpoint(coordinator.Configured) },
			func() { s.TriggerSavepoint("", checkpoint.Canonical) },
		} {
			id := int64(id + 1)
			say("early")
			s.hear("count0: event early", "count1: event early")
			trigger()
			s.hear(fmt.Sprint("source0: barrier ", id), fmt.Sprint("source1: barrier ", id))
			say("late")
			s.hear("")
			s.acknowledge(id, "count1")
			s.hear("count1: event late")
			s.acknowledge(id, "source0", "source1")
			s.hear("")
			s.acknowledge(id, "count0")
			if heard := s.take(); len(heard) == 0 {
				t.Error("count0 heard nothing")
			}
		}
	})
}

func TestEventsGoOnWhenACheckpointExpires(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		say := withHerald(t, s)
		s.TriggerCheckpoint(coordinator.Configured)
		s.hear("source0: barrier 1", "source1: barrier 1")
		say("late")
		s.hear("")
		time.Sleep(time.Hour)
		s.hearAnyway(append(everyone("aborted 1, latest -1"), "count0: event late", "count1: event late"))
	})
}

// hasty is the coordinator of another operator, which gives every checkpoint up as soon
// as it is asked for it.
type hasty struct {
	operator.Participant
	stage *stage
}

func (h hasty) Checkpoint(_ context.Context, _ int64, answer func([]byte, error)) {
	h.stage.AbortPendingCheckpoints(&checkpoint.Failure{Reason: checkpoint.JobFailoverRegion})
	time.Sleep(time.Second) // until all have been told
	h.stage.crew.Go(func() { answer(nil, nil) })
}

func (h hasty) NotifyCheckpointAborted(int64)             {}
func (h hasty) Acknowledged(int64, task.ExecutionAttempt) {}

// The next coordinator would close its valves for a checkpoint that has ended: nobody
// would open them again.
func TestEventsGoOnWhenACheckpointIsGivenUpBeforeItIsAskedFor(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		if err := s.AddOperatorCoordinator(sourceID, hasty{stage: s}); err != nil {
			t.Fatal(err)
		}
		say := withHerald(t, s)
		s.TriggerCheckpoint(coordinator.Configured)
		time.Sleep(time.Minute)
		s.hearAnyway(everyone("aborted 1, latest -1"))
		say("still")
		s.hear("count0: event still", "count1: event still")
	})
}
