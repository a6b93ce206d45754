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
	"github.com/cairnstate/cairn/task"
)

// The barrier begins at the sources. It says when, what and where, the same to all.
func TestBarrier(t *testing.T) {
	config := func(c *checkpointing.Config) {
		c.Interval, c.Unaligned, c.AlignedTimeout = time.Hour, true, 3*time.Second // without an interval Flink takes at least once
	}
	onStage(t, script{config: config}, func(t *testing.T, s *stage) {
		time.Sleep(time.Hour)
		s.TriggerCheckpoint(coordinator.Configured)
		s.hear("source0: barrier 1", "source1: barrier 1")
		b := s.barrier(1)
		if !b.Timestamp.Equal(time.Now()) || b.Options.Type != checkpoint.CheckpointType {
			t.Errorf("barrier %+v", b)
		}
		if !b.Options.ExactlyOnce || !b.Options.Unaligned || b.Options.AlignedTimeout != 3*time.Second {
			t.Errorf("options %+v", b.Options)
		}
		s.acknowledge(1, "source0") // which goes where the reference leads
		if got := s.files(chk("1")); len(got) != 1 {
			t.Errorf("files %v", got)
		}
	})
}

// What a user asks for is what the tasks are told.
func TestKinds(t *testing.T) {
	for kind, want := range map[coordinator.CheckpointKind]checkpoint.SnapshotType{
		coordinator.Configured:  checkpoint.CheckpointType,
		coordinator.Full:        checkpoint.FullCheckpointType,
		coordinator.Incremental: checkpoint.CheckpointType,
	} {
		onStage(t, script{}, func(t *testing.T, s *stage) {
			s.TriggerCheckpoint(kind)
			if got := s.barrier(1).Options.Type; got != want {
				t.Errorf("kind %d: %+v, want %+v", kind, got, want)
			}
		})
	}
}

// With somebody missing there is no checkpoint, and no id is spent on it.
func TestNotAllTasksRun(t *testing.T) {
	onStage(t, script{}, func(_ *testing.T, s *stage) {
		s.enter("count1", task.Initializing)
		s.broken(s.TriggerCheckpoint(coordinator.Configured), checkpoint.NotAllRequiredTasksRunning)
		s.enter("count1", task.Running)
		s.TriggerCheckpoint(coordinator.Configured)
		s.hear("source0: barrier 1", "source1: barrier 1")
	})
}

// Sources that have finished are not sent anything, nor waited for.
func TestAfterTasksFinish(t *testing.T) {
	config := func(c *checkpointing.Config) { c.AfterTasksFinish = true }
	onStage(t, script{config: config}, func(t *testing.T, s *stage) {
		s.enter("source0", task.Finished)
		p := s.TriggerCheckpoint(coordinator.Configured)
		s.hear("source1: barrier 1")
		s.acknowledge(1, "source1", "count0", "count1")
		s.kept(p, 1)
		cp, _ := p.Result()
		if got := cp.Operators[0].Subtasks[0]; !got.Finished || cp.Operators[0].FullyFinished {
			t.Errorf("source0 is %+v", got)
		}
		s.hear("source1: complete 1, subsumed -1", "count0: complete 1, subsumed -1", "count1: complete 1, subsumed -1")

		s.enter("source1", task.Finished)
		p = s.TriggerCheckpoint(coordinator.Configured)
		s.hear("count0: barrier 2", "count1: barrier 2")
		s.acknowledge(2, "count0", "count1")
		s.kept(p, 2)
		if cp, _ := p.Result(); !cp.Operators[0].FullyFinished {
			t.Errorf("the source is %+v", cp.Operators[0])
		}
	})
}

// Without an id there is no checkpoint, and the failure counts, whose ever it was.
func TestCounterFails(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		s.ids.fail(errBroken)
		p := s.TriggerCheckpoint(coordinator.Configured)
		s.broken(p, checkpoint.IOException)
		if _, err := p.Result(); !errors.Is(err, errBroken) {
			t.Errorf("%v does not say why", err)
		}
		if got := s.jobFailures(); len(got) != 1 || !errors.Is(got[0], failure.ErrTooMany) {
			t.Errorf("the job fails with %v", got)
		}
		s.hear()
		s.ids.fail(nil)
		s.TriggerCheckpoint(coordinator.Configured)
		s.hear("source0: barrier 1", "source1: barrier 1")
	})
}

// An id that was taken is spent, whatever becomes of the checkpoint.
func TestIDsHaveGaps(t *testing.T) {
	onStage(t, script{}, func(_ *testing.T, s *stage) {
		s.deaf["source1"] = errBroken
		s.broken(s.TriggerCheckpoint(coordinator.Configured), checkpoint.TriggerCheckpointFailure)
		delete(s.deaf, "source1")
		s.take()
		s.TriggerCheckpoint(coordinator.Configured)
		s.hear("source0: barrier 2", "source1: barrier 2")
	})
}

// A barrier that does not arrive ends the checkpoint. All are told, those who have it
// among them.
func TestBarrierDoesNotArrive(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		s.deaf["source1"] = errBroken
		p := s.TriggerCheckpoint(coordinator.Configured)
		s.broken(p, checkpoint.TriggerCheckpointFailure)
		if _, err := p.Result(); !errors.Is(err, errBroken) {
			t.Errorf("%v does not say why", err)
		}
		s.hear(append([]string{"source0: barrier 1", "source1: barrier 1"}, everyone("aborted 1, latest -1")...)...)
		if got := s.jobFailures(); len(got) > 0 {
			t.Errorf("the job fails with %v, but tasks that cannot be reached fail by themselves", got)
		}
	})
}

// Whoever was told to stop does not begin: between the request and the id, much may
// happen.
func TestStoppedWhileTheIDIsTaken(t *testing.T) {
	onJournal(t, script{config: periodicEach(time.Minute), random: atOnce}, func(t *testing.T, s *stage, j *journal) {
		s.ids.hold()
		if err := s.StartCheckpointScheduler(); err != nil {
			t.Fatal(err)
		}
		synctest.Wait() // the tick waits for its id
		s.StopCheckpointScheduler()
		s.ids.release()
		s.hear()
		if got := s.files(chk("1")); len(got) > 0 {
			t.Errorf("files %v", got)
		}
		if got := j.take(); got != "ended 1" { // else the job's record would stay for ever
			t.Errorf("written %q", got)
		}
	})
}

// A savepoint that a user asked for goes on, though: it is not the scheduler's.
func TestSavepointWhileTheSchedulerIsOff(t *testing.T) {
	onStage(t, script{config: periodicEach(time.Minute), random: atOnce}, func(_ *testing.T, s *stage) {
		p := s.TriggerSavepoint("", checkpoint.Canonical)
		s.hear("source0: barrier 1", "source1: barrier 1")
		s.acknowledgeAll(1)
		s.kept(p, 1)
	})
}

// A coordinator that only restores says so.
func TestOnlyRestores(t *testing.T) {
	onStage(t, script{options: func(o *coordinator.Options) { o.Checkpointing = nil }}, func(t *testing.T, s *stage) {
		if err := s.StartCheckpointScheduler(); err == nil {
			t.Error("the scheduler has started")
		}
		s.StopCheckpointScheduler()
		s.SetProcessingBacklog(sourceID, true)
		s.broken(s.TriggerCheckpoint(coordinator.Configured), "none")
		s.broken(s.TriggerSavepoint("", checkpoint.Native), "none")
		s.broken(s.StopWithSavepoint("", checkpoint.Native, true), "none")
		if s.AcknowledgeCheckpoint(t.Context(), task.Acknowledgement{Job: stageJob, CheckpointID: 1}) {
			t.Error("it listens to tasks")
		}
		s.DeclineCheckpoint(t.Context(), task.Decline{Job: stageJob, CheckpointID: 1})
	})
}

func atOnce(int64) int64 { return 0 }
