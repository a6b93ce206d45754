package coordinator_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/failure"
	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/task"
)

// A checkpoint is complete when the last task has answered, and not before.
func TestLastAnswerCompletes(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		p := s.TriggerCheckpoint(coordinator.Configured)
		s.hear(barriers(1)...)
		s.acknowledge(1, "count1", "source0", "count0", "count0", "count0") // who says it thrice says it once
		s.open(p)
		s.hear()
		if got := s.Completed(); len(got) > 0 {
			t.Errorf("completed %v", ids(got))
		}
		s.acknowledge(1, "source1")
		s.kept(p, 1)
		s.hear(everyone("complete 1, subsumed -1")...)
	})
}

// A message that comes twice leaves alone what came with it the first time; while the
// checkpoint is taken, and after it was completed.
func TestAnswersTwice(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		s.TriggerCheckpoint(coordinator.Configured)
		ack := s.answer("source0", 1)
		for range 2 {
			if !s.AcknowledgeCheckpoint(t.Context(), ack) {
				t.Error("not known")
			}
		}
		s.acknowledge(1, "source1", "count0", "count1")
		before := s.files(chk("1"))
		if s.AcknowledgeCheckpoint(t.Context(), ack) {
			t.Error("known after it was completed")
		}
		if after := s.files(chk("1")); len(before) != 5 || len(after) != 5 {
			t.Errorf("files were %v, are %v", before, after)
		}
	})
}

// An attempt that was restarted has no part in the checkpoint: what it says changes
// nothing, and what it wrote is deleted.
func TestAnswerOfAnEarlierAttempt(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		s.TriggerCheckpoint(coordinator.Configured)
		s.acknowledge(1, "source1")
		ack := s.answer("source0", 1)
		ack.Attempt.Attempt--
		if !s.AcknowledgeCheckpoint(t.Context(), ack) {
			t.Error("the checkpoint is not known")
		}
		if got := s.files(chk("1")); len(got) != 1 {
			t.Errorf("files %v, want source1's", got)
		}
		s.acknowledge(1, "count0", "count1")
		if got := s.Completed(); len(got) > 0 {
			t.Error("complete without source0")
		}
	})
}

// What is not meant for us is not heard.
func TestNotListenedTo(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		p := s.TriggerCheckpoint(coordinator.Configured)
		ack := s.answer("source0", 1)
		other, unknown := ack, ack
		other.Job[0]++
		unknown.CheckpointID = 2
		if s.AcknowledgeCheckpoint(t.Context(), other) || s.AcknowledgeCheckpoint(t.Context(), unknown) {
			t.Error("listened to")
		}
		s.DeclineCheckpoint(t.Context(), task.Decline{Job: other.Job, Attempt: ack.Attempt, CheckpointID: 1})
		s.DeclineCheckpoint(t.Context(), task.Decline{Job: stageJob, Attempt: ack.Attempt, CheckpointID: 2})
		s.open(p)
		if got := s.files(chk("1")); len(got) != 1 {
			t.Errorf("files %v: somebody's state is gone", got)
		}
		s.acknowledgeAll(1)
		s.kept(p, 1)
		s.end(completed.Finished)
		if s.AcknowledgeCheckpoint(t.Context(), ack) {
			t.Error("listened to after the end")
		}
		s.DeclineCheckpoint(t.Context(), task.Decline{Job: stageJob, Attempt: ack.Attempt, CheckpointID: 1})
	})
}

// A task that is too late hears that the checkpoint was known if it expired, as its
// other ends are told; what it wrote is deleted, whatever the end.
func TestTooLate(t *testing.T) {
	for name, test := range map[string]struct {
		end   func(*stage)
		known bool
	}{
		"expired":  {func(*stage) { time.Sleep(10 * time.Minute) }, true},
		"declined": {func(s *stage) { s.decline(1, "count0", nil) }, false},
		"restart": {func(s *stage) {
			s.AbortPendingCheckpoints(&checkpoint.Failure{Reason: checkpoint.JobFailoverRegion})
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, script{}, func(t *testing.T, s *stage) {
				s.TriggerCheckpoint(coordinator.Configured)
				s.acknowledge(1, "source0")
				test.end(s)
				if got := s.files(chk("1")); len(got) > 0 {
					t.Fatalf("after the end there are files %v", got)
				}
				if got := s.AcknowledgeCheckpoint(t.Context(), s.answer("source1", 1)); got != test.known {
					t.Errorf("known: %v, want %v", got, test.known)
				}
				if got := s.files(chk("1")); len(got) > 0 {
					t.Errorf("late files stay: %v", got)
				}
			})
		})
	}
}

// A decline ends the checkpoint, for the reason that the task gives, if it is in our
// words; and says who it was.
func TestDeclineReasons(t *testing.T) {
	notReady := &checkpoint.Failure{Reason: checkpoint.DeclinedTaskNotReady, Cause: errBroken}
	for name, test := range map[string]struct {
		cause error
		want  checkpoint.FailureReason
	}{
		"no reason":         {nil, checkpoint.CheckpointDeclined},
		"an error":          {errBroken, checkpoint.CheckpointDeclined},
		"a reason":          {notReady, checkpoint.DeclinedTaskNotReady},
		"a reason, wrapped": {errors.Join(errors.New("while waiting"), notReady), checkpoint.DeclinedTaskNotReady},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, script{}, func(t *testing.T, s *stage) {
				p := s.TriggerCheckpoint(coordinator.Configured)
				s.hear(barriers(1)...)
				s.decline(1, "count1", test.cause)
				s.broken(p, test.want)
				if _, err := p.Result(); test.cause != nil && !errors.Is(err, errBroken) {
					t.Errorf("%v does not say why", err)
				}
				s.hear(everyone("aborted 1, latest -1")...)
				s.decline(1, "count0", test.cause) // which is no news
				s.hear()
				if got, want := len(s.jobFailures()) > 0, failure.Counts(test.want); got != want {
					t.Errorf("the job fails: %v, want %v", got, want)
				}
			})
		})
	}
}

// One decline counts once, however many tasks join in; and those tolerated are.
func TestTolerated(t *testing.T) {
	config := func(c *checkpointing.Config) { c.TolerableFailures = 1 }
	onStage(t, script{config: config}, func(t *testing.T, s *stage) {
		fail := func(id int64) {
			s.TriggerCheckpoint(coordinator.Configured)
			synctest.Wait()
			s.decline(id, "count0", nil)
			s.decline(id, "count1", nil)
		}
		fail(1)
		s.TriggerCheckpoint(coordinator.Configured)
		s.acknowledgeAll(2)
		fail(3)
		if got := s.jobFailures(); len(got) > 0 {
			t.Fatalf("the job fails with %v, but 2 was completed", got)
		}
		fail(4)
		if got := s.jobFailures(); len(got) != 1 || !errors.Is(got[0], failure.ErrTooMany) {
			t.Errorf("the job fails with %v", got)
		}
	})
}

// A task may answer before the last barrier is sent, and a job of such tasks completes.
func TestAnswersBeforeTheBarriersAreSent(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		oc := &slowCoordinator{}
		if err := s.AddOperatorCoordinator(sourceID, oc); err != nil {
			t.Fatal(err)
		}
		p := s.TriggerCheckpoint(coordinator.Configured)
		synctest.Wait()
		for _, name := range []string{"source0", "source1", "count0", "count1"} {
			s.AcknowledgeCheckpoint(t.Context(), task.Acknowledgement{Job: stageJob, Attempt: s.attempt(name), CheckpointID: 1})
		}
		s.open(p)
		oc.answer([]byte("splits"), nil)
		s.kept(p, 1)
	})
}
