package coordinator_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/failure"
	"github.com/cairnstate/cairn/coordinator/plan"
	"github.com/cairnstate/cairn/job/checkpointing"
)

// A checkpoint that takes too long is given up at its timeout, not before: its files
// go, tasks hear of it and which one they can go back to, and people whom it waited for.
func TestExpiry(t *testing.T) {
	config := func(c *checkpointing.Config) { c.Timeout, c.TolerableFailures = time.Minute, 1 }
	onStage(t, script{config: config}, func(t *testing.T, s *stage) {
		s.TriggerCheckpoint(coordinator.Configured)
		s.acknowledgeAll(1)
		s.take()
		p := s.TriggerCheckpoint(coordinator.Configured)
		s.hear(barriers(2)...)
		s.acknowledge(2, "source0", "source1", "count0")
		time.Sleep(time.Minute - 1)
		s.open(p)
		time.Sleep(time.Nanosecond)
		s.broken(p, checkpoint.CheckpointExpired)
		s.hear(everyone("aborted 2, latest 1")...)
		if _, err := p.Result(); !strings.Contains(err.Error(), s.attempt("count1").String()) {
			t.Errorf("%v does not say whom it waited for", err)
		}
		if got := s.files(chk("2")); len(got) > 0 {
			t.Errorf("files stay: %v", got)
		}
		if got := s.files(chk("1")); len(got) != 5 || len(s.Completed()) != 1 {
			t.Errorf("checkpoint 1 has files %v, completed are %v", got, ids(s.Completed()))
		}
	})
}

// The clock that ran for a checkpoint does not run for the next.
func TestExpiryOfACompletedOne(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		p := s.TriggerCheckpoint(coordinator.Configured)
		s.acknowledgeAll(1)
		s.take()
		time.Sleep(24 * time.Hour)
		s.kept(p, 1)
		s.hear()
		if got := s.files(chk("1")); len(got) != 5 {
			t.Errorf("files %v", got)
		}
	})
}

// A checkpoint's time runs from when it is triggered: what waits in the queue does not
// expire there.
func TestWaitingDoesNotExpire(t *testing.T) {
	config := func(c *checkpointing.Config) { c.Timeout, c.TolerableFailures = time.Minute, 9 }
	onStage(t, script{config: config}, func(_ *testing.T, s *stage) {
		s.TriggerCheckpoint(coordinator.Configured)
		p := s.TriggerCheckpoint(coordinator.Configured)
		time.Sleep(time.Minute)
		s.take()
		time.Sleep(time.Minute - 1)
		s.open(p)
		s.acknowledgeAll(2)
		s.kept(p, 2)
	})
}

// A restart gives up what is under way. What is queued is for the tasks that come.
func TestAbortPending(t *testing.T) {
	config := func(c *checkpointing.Config) { c.MaxConcurrent = 2 }
	onStage(t, script{config: config}, func(t *testing.T, s *stage) {
		first, second := s.TriggerCheckpoint(coordinator.Configured), s.TriggerCheckpoint(coordinator.Configured)
		queued := s.TriggerCheckpoint(coordinator.Configured)
		s.hear(append(barriers(1), barriers(2)...)...)
		s.deploy(1)
		s.AbortPendingCheckpoints(&checkpoint.Failure{Reason: checkpoint.JobFailoverRegion})
		s.broken(first, checkpoint.JobFailoverRegion)
		s.broken(second, checkpoint.JobFailoverRegion)
		s.acknowledgeAll(3) // by the new attempts
		s.kept(queued, 3)
		if got := s.jobFailures(); len(got) > 0 {
			t.Errorf("the job fails with %v, but it is being restarted", got)
		}
	})
}

// A task that failed ends the checkpoints that still need it, and no others.
func TestFailUnacknowledged(t *testing.T) {
	config := func(c *checkpointing.Config) { c.MaxConcurrent = 3 }
	onStage(t, script{config: config}, func(t *testing.T, s *stage) {
		needs, done := s.TriggerCheckpoint(coordinator.Configured), s.TriggerCheckpoint(coordinator.Configured)
		s.acknowledge(1, "count1")
		s.acknowledge(2, "count0", "count1")
		stranger := s.attempt("count0")
		stranger.Attempt++
		s.FailUnacknowledgedPendingCheckpoints(stranger, errBroken)
		s.open(needs)
		s.FailUnacknowledgedPendingCheckpoints(s.attempt("count0"), errBroken)
		s.broken(needs, checkpoint.TaskFailure)
		if _, err := needs.Result(); !errors.Is(err, errBroken) {
			t.Errorf("%v does not say why", err)
		}
		s.open(done)
		s.acknowledge(2, "source0", "source1")
		s.kept(done, 2)
		if got := s.jobFailures(); len(got) > 0 {
			t.Errorf("the job fails with %v", got)
		}
	})
}

// An end makes room: the next in the queue goes on its way.
func TestAbortMakesRoom(t *testing.T) {
	for name, end := range map[string]func(*stage){
		"decline": func(s *stage) { s.decline(1, "source0", nil) },
		"expiry":  func(*stage) { time.Sleep(10 * time.Minute) },
		"failed":  func(s *stage) { s.FailUnacknowledgedPendingCheckpoints(s.attempt("source0"), errBroken) },
		"success": func(s *stage) { s.acknowledgeAll(1) },
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, script{}, func(_ *testing.T, s *stage) {
				s.TriggerCheckpoint(coordinator.Configured)
				next := s.TriggerCheckpoint(coordinator.Configured)
				s.hear(barriers(1)...)
				end(s)
				synctest.Wait()
				s.acknowledgeAll(2)
				s.kept(next, 2)
			})
		})
	}
}

// Expiries in a row fail the job; what fails it says how many and why.
func TestExpiriesFailTheJob(t *testing.T) {
	config := func(c *checkpointing.Config) { c.Timeout, c.TolerableFailures = time.Minute, 2 }
	onStage(t, script{config: config}, func(t *testing.T, s *stage) {
		for range 3 {
			if got := s.jobFailures(); len(got) > 0 {
				t.Fatalf("too early: %v", got)
			}
			s.TriggerCheckpoint(coordinator.Configured)
			time.Sleep(time.Minute)
		}
		got := s.jobFailures()
		if len(got) != 1 || !errors.Is(got[0], failure.ErrTooMany) || checkpoint.ReasonOf(got[0], "") != checkpoint.CheckpointExpired {
			t.Errorf("the job fails with %v", got)
		}
	})
}

// Tasks that cannot be told are passed over: the others are.
func TestDeafTasks(t *testing.T) {
	onStage(t, script{}, func(_ *testing.T, s *stage) {
		s.TriggerCheckpoint(coordinator.Configured)
		s.hear(barriers(1)...)
		s.deaf["source0"], s.deaf["count1"] = errBroken, errBroken
		s.decline(1, "count0", nil)
		s.hear(everyone("aborted 1, latest -1")...)
	})
}

// slowExecutions take a while to say what runs.
type slowExecutions struct {
	*stage
	turnstile
}

func (e *slowExecutions) Current() [][]plan.Execution {
	current := e.stage.Current()
	_ = e.pass(context.Background())
	return current
}

// What is given up for a failover is all that was for the tasks of before, even if it has
// no id yet: they will not answer.
func TestAbortBeforeThereIsAnID(t *testing.T) {
	for name, giveUp := range map[string]func(s *stage) error{
		"abort": func(s *stage) error {
			s.AbortPendingCheckpoints(&checkpoint.Failure{Reason: checkpoint.JobFailoverRegion})
			return nil
		},
		"restore": func(s *stage) error { _, err := s.RestoreLatestToAll(s.t.Context()); return err },
	} {
		t.Run(name, func(t *testing.T) {
			executions := &slowExecutions{}
			options := func(o *coordinator.Options) {
				executions.stage = o.Checkpointing.Executions.(*stage)
				o.Checkpointing.Executions = executions
			}
			onStage(t, script{options: options}, func(t *testing.T, s *stage) {
				executions.hold()
				p := s.TriggerCheckpoint(coordinator.Configured)
				synctest.Wait()
				if err := giveUp(s); err != nil {
					t.Fatal(err)
				}
				s.deploy(1)
				executions.release()
				s.broken(p, checkpoint.JobFailoverRegion)
				s.hear()
				next := s.TriggerCheckpoint(coordinator.Configured)
				s.hear(barriers(2)...)
				s.acknowledgeAll(2)
				s.kept(next, 2)
			})
		})
	}
}

// Nil is what people pass who have no reason.
func TestGivenUpForNoReason(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		p := s.TriggerCheckpoint(coordinator.Configured)
		s.take()
		s.FailUnacknowledgedPendingCheckpoints(s.attempt("count0"), nil)
		s.broken(p, checkpoint.TaskFailure)
		if _, err := p.Result(); strings.Contains(err.Error(), "%!") || strings.Contains(err.Error(), "nil") {
			t.Errorf("error %v", err)
		}
		p = s.TriggerCheckpoint(coordinator.Configured)
		s.take()
		s.AbortPendingCheckpoints(nil)
		s.broken(p, checkpoint.JobFailoverRegion)
	})
}
