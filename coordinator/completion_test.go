package coordinator_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/failure"
	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/task"
)

// What is complete can be found by its pointer, and read, with all that was reported.
func TestWhatIsCompleteCanBeRead(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		triggered := time.Now()
		p := s.TriggerCheckpoint(coordinator.Configured)
		time.Sleep(time.Second)
		s.acknowledgeAll(1)
		s.kept(p, 1)
		cp, _ := p.Result()
		if want := "mem://jobs/checkpoints/" + stageJob.String() + "/chk-1"; cp.ExternalPointer() != want {
			t.Errorf("pointer %s, want %s", cp.ExternalPointer(), want)
		}
		if !cp.Triggered.Equal(triggered) || !cp.Completed.Equal(triggered.Add(time.Second)) || !cp.Owned || cp.IsSavepoint() {
			t.Errorf("checkpoint %+v", cp)
		}
		data, err := cp.Location.ReadMetadata(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		file, err := metadata.Decode(data, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := file.Metadata; got.CheckpointID != 1 || *got.Properties != cp.Properties || len(got.Operators) != 2 || len(got.Operators[1].Subtasks) != 2 {
			t.Errorf("metadata %+v", got)
		}
	})
}

// It is complete when it is in the store, and only then does anybody hear of it.
func TestNobodyHearsBeforeTheStore(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		p := s.TriggerCheckpoint(coordinator.Configured)
		s.hear(barriers(1)...)
		s.store.hold()
		s.acknowledgeAll(1)
		s.open(p)
		s.hear()
		s.store.release()
		s.kept(p, 1)
		s.hear(everyone("complete 1, subsumed -1")...)
		if got := ids(s.Completed()); len(got) != 1 || got[0] != 1 {
			t.Errorf("completed %v", got)
		}
	})
}

// The newest push out the oldest, which tasks are told of and which are discarded.
func TestSubsumption(t *testing.T) {
	onStage(t, script{options: func(o *coordinator.Options) { o.Store, _ = completed.NewDeque(2) }}, func(t *testing.T, s *stage) {
		for id, last := range []int{-1, -1, 1, 2} {
			s.TriggerCheckpoint(coordinator.Configured)
			s.hear(barriers(int64(id + 1))...)
			s.acknowledgeAll(int64(id + 1))
			s.hear(everyone(fmt.Sprintf("complete %d, subsumed %d", id+1, last))...)
		}
		if got := s.discarded(); fmt.Sprint(got) != "[1 2]" {
			t.Errorf("discarded %v", got)
		}
		if got := ids(s.Completed()); fmt.Sprint(got) != "[3 4]" {
			t.Errorf("completed %v", got)
		}
	})
}

// A newer one that completes first makes the older ones useless: but not a savepoint,
// which somebody waits for.
func TestNewerOneFirst(t *testing.T) {
	config := func(c *checkpointing.Config) { c.MaxConcurrent = 3 }
	onStage(t, script{config: config}, func(t *testing.T, s *stage) {
		older := s.TriggerCheckpoint(coordinator.Configured)
		synctest.Wait()
		save := s.TriggerSavepoint("", checkpoint.Canonical)
		synctest.Wait()
		newer, newest := s.TriggerCheckpoint(coordinator.Configured), s.TriggerSavepoint("", checkpoint.Canonical)
		s.acknowledge(1, "source0", "source1", "count0")
		s.acknowledgeAll(3)
		s.kept(newer, 3)
		s.broken(older, checkpoint.CheckpointSubsumed)
		s.open(save)
		s.open(newest)
		if got := s.files(chk("1")); len(got) > 0 {
			t.Errorf("files of the older stay: %v", got)
		}
		if got := s.jobFailures(); len(got) > 0 {
			t.Errorf("the job fails with %v", got)
		}
		s.acknowledgeAll(2)
		s.kept(save, 2)
	})
}

// While one is being added to the store, the coordinator listens, and gives up others;
// but not this one: it is complete, or the store knows why not.
func TestNothingStopsTheStore(t *testing.T) {
	config := func(c *checkpointing.Config) { c.MaxConcurrent = 2 }
	onStage(t, script{config: config}, func(t *testing.T, s *stage) {
		first, second := s.TriggerCheckpoint(coordinator.Configured), s.TriggerCheckpoint(coordinator.Configured)
		synctest.Wait()
		s.store.hold()
		s.acknowledgeAll(1)
		s.acknowledge(2, "source0")
		s.decline(1, "count0", nil)
		s.AbortPendingCheckpoints(&checkpoint.Failure{Reason: checkpoint.JobFailoverRegion})
		s.broken(second, checkpoint.JobFailoverRegion)
		time.Sleep(time.Hour) // it does not expire either
		s.open(first)
		s.store.release()
		s.kept(first, 1)
		if got := s.files(chk("1")); len(got) != 5 {
			t.Errorf("files %v", got)
		}
	})
}

// Two that are ready at once are completed one after the other, in whatever order; both
// count.
func TestOneAtATime(t *testing.T) {
	config := func(c *checkpointing.Config) { c.MaxConcurrent = 2 }
	onStage(t, script{config: config}, func(t *testing.T, s *stage) {
		first, second := s.TriggerCheckpoint(coordinator.Configured), s.TriggerCheckpoint(coordinator.Configured)
		synctest.Wait()
		s.store.hold()
		s.acknowledgeAll(1)
		s.acknowledgeAll(2)
		if got := s.files(chk("2")); len(got) != 4 {
			t.Errorf("files %v: published before the first was in the store", got)
		}
		s.open(first)
		s.open(second)
		s.store.release()
		s.kept(second, 2)
		s.kept(first, 1)
	})
}

// A store that does not take a checkpoint has not got it: it fails, counts, and goes.
func TestStoreRefuses(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		p := s.TriggerCheckpoint(coordinator.Configured)
		s.hear(barriers(1)...)
		s.store.fail(errBroken)
		s.acknowledgeAll(1)
		s.broken(p, checkpoint.FinalizeCheckpointFailure)
		if _, err := p.Result(); !errors.Is(err, errBroken) {
			t.Errorf("%v does not say why", err)
		}
		s.hear(everyone("aborted 1, latest -1")...)
		if got := s.discarded(); fmt.Sprint(got) != "[1]" || len(s.Completed()) > 0 {
			t.Errorf("discarded %v, completed %v", got, ids(s.Completed()))
		}
		if got := s.jobFailures(); len(got) != 1 || !errors.Is(got[0], failure.ErrTooMany) {
			t.Errorf("the job fails with %v", got)
		}
	})
}

// A store of which nobody knows whether it took the checkpoint: whoever asked is told
// that it failed, but nothing goes, and no task is told, since it may be restored.
func TestStoreInDoubt(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		p := s.TriggerCheckpoint(coordinator.Configured)
		s.hear(barriers(1)...)
		s.store.fail(fmt.Errorf("add: %w", completed.ErrInDoubt))
		ack := s.answer("source0", 1)
		s.AcknowledgeCheckpoint(t.Context(), ack)
		s.acknowledge(1, "source1", "count0", "count1")
		s.broken(p, checkpoint.FinalizeCheckpointFailure)
		s.hear()
		s.AcknowledgeCheckpoint(t.Context(), ack) // a message that comes twice
		if got := s.files(chk("1")); len(got) != 5 || len(s.discarded()) > 0 {
			t.Errorf("files %v, discarded %v", got, s.discarded())
		}
	})
}

// A coordinator whose job was taken over is at its end: it deletes nothing, tells no
// task, gives up all, says so once, and does nothing any more.
func TestFenced(t *testing.T) {
	config := func(c *checkpointing.Config) { c.Interval, c.MaxConcurrent = time.Hour, 2 } // and tolerates nothing
	onStage(t, script{config: config, random: atOnce}, func(t *testing.T, s *stage) {
		s.start()
		other := s.TriggerCheckpoint(coordinator.Configured)
		s.hear(append(barriers(1), barriers(2)...)...)
		s.acknowledge(2, "source0")
		s.store.fail(fmt.Errorf("add: %w", completed.ErrFenced))
		s.acknowledgeAll(1)
		s.broken(other, checkpoint.CoordinatorShutdown)
		s.hear()
		if got := s.files(chk("1")); len(got) != 5 {
			t.Errorf("files of the one that was to complete: %v", got)
		}
		if got := s.files(chk("2")); len(got) != 1 {
			t.Errorf("files of the other: %v", got)
		}
		if got := s.jobFailures(); len(got) != 1 || !errors.Is(got[0], completed.ErrFenced) || errors.Is(got[0], failure.ErrTooMany) {
			t.Errorf("the job fails with %v, want that once, and not for its checkpoints", got)
		}
		s.store.fail(nil)
		s.broken(s.TriggerCheckpoint(coordinator.Configured), checkpoint.CoordinatorShutdown)
		s.broken(s.TriggerSavepoint("", checkpoint.Native), checkpoint.CoordinatorShutdown)
		if s.AcknowledgeCheckpoint(t.Context(), s.answer("source1", 2)) {
			t.Error("it listens")
		}
		time.Sleep(24 * time.Hour)
		s.hear()
		if len(s.discarded()) > 0 || len(s.files(chk("1"))) != 5 {
			t.Error("it deletes")
		}
	})
}

// Union state that is incomplete, because a part of its tasks has finished, is not
// published, and nothing of it stays.
func TestIncompleteUnionState(t *testing.T) {
	config := func(c *checkpointing.Config) { c.AfterTasksFinish = true }
	onStage(t, script{config: config}, func(t *testing.T, s *stage) {
		s.enter("source0", task.Finished)
		p := s.TriggerCheckpoint(coordinator.Configured)
		ack := s.answer("source1", 1)
		ack.State.Operators[sourceID].ManagedOperatorState = &checkpoint.OperatorStreamStateHandle{
			States:   []checkpoint.OperatorStatePartitions{{Name: "splits", Mode: checkpoint.Union, Offsets: []int64{0}}},
			Delegate: &checkpoint.ByteStreamStateHandle{HandleName: "splits", Data: []byte("splits")},
		}
		s.AcknowledgeCheckpoint(t.Context(), ack)
		s.acknowledge(1, "count0", "count1")
		s.broken(p, checkpoint.DeclinedTaskClosing)
		if got := s.files(chk("1")); len(got) > 0 {
			t.Errorf("files stay: %v", got)
		}
		if got := s.jobFailures(); len(got) > 0 {
			t.Errorf("the job fails with %v, but that will pass", got)
		}
	})
}
