package coordinator_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/failure"
	"github.com/cairnstate/cairn/job/checkpointing"
)

// The savepoint with which a job stops says so in its barrier. When it is complete the
// tasks hear of it, which is what they wait for; and checkpoints that were begun before
// are of no use any more. It is the user's, as any savepoint.
func TestStopWithSavepoint(t *testing.T) {
	for drain, want := range map[bool]checkpoint.PostCheckpointAction{false: checkpoint.ActionSuspend, true: checkpoint.ActionTerminate} {
		config := func(c *checkpointing.Config) { c.MaxConcurrent = 2 }
		onStage(t, script{config: config}, func(t *testing.T, s *stage) {
			older := s.TriggerCheckpoint(coordinator.Configured)
			synctest.Wait()
			other := s.TriggerSavepoint("", checkpoint.Canonical)
			synctest.Wait()
			p := s.StopWithSavepoint("", checkpoint.Native, drain)
			s.take()
			if got := s.barrier(3).Options.Type; got != checkpoint.SavepointType(checkpoint.Native, want) {
				t.Errorf("type %+v", got)
			}
			s.acknowledgeAll(3)
			s.kept(p, 3)
			s.broken(older, checkpoint.CheckpointSubsumed)
			s.open(other)
			s.hearAnyway(append(everyone("complete 3, subsumed -1"), everyone("aborted 1, latest -1")...))
			if cp, _ := p.Result(); cp.Owned || len(s.Completed()) > 0 {
				t.Errorf("owned %v, completed %v", cp.Owned, ids(s.Completed()))
			}
		})
	}
}

// A task that cannot take it leaves the others waiting for a stop that never comes: the
// job fails at once, whatever it tolerates.
func TestStopWithSavepointFailsByATask(t *testing.T) {
	for name, fail := range map[string]func(*stage){
		"declined": func(s *stage) {
			s.decline(1, "count0", &checkpoint.Failure{Reason: checkpoint.DeclinedTaskNotReady, Cause: errBroken})
		},
		"failed": func(s *stage) { s.FailUnacknowledgedPendingCheckpoints(s.attempt("count0"), errBroken) },
	} {
		t.Run(name, func(t *testing.T) {
			config := func(c *checkpointing.Config) { c.TolerableFailures = failure.Unlimited }
			onStage(t, script{config: config}, func(t *testing.T, s *stage) {
				p := s.StopWithSavepoint("", checkpoint.Canonical, false)
				synctest.Wait()
				fail(s)
				got := s.jobFailures()
				if len(got) != 1 || !errors.Is(got[0], errBroken) || errors.Is(got[0], failure.ErrTooMany) {
					t.Errorf("the job fails with %v", got)
				}
				if _, err := p.Result(); err == nil {
					t.Error("the promise is kept")
				}
			})
		})
	}
}

// If no task is to blame the job goes on: it is its owner who must see to that.
func TestStopWithSavepointFailsByItself(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		p := s.StopWithSavepoint("", checkpoint.Canonical, true)
		time.Sleep(10 * time.Minute)
		s.broken(p, checkpoint.CheckpointExpired)
		if got := s.jobFailures(); len(got) > 0 {
			t.Errorf("the job fails with %v", got)
		}
		if got := s.files("savepoints"); len(got) > 0 {
			t.Errorf("files stay: %v", got)
		}
	})
}
