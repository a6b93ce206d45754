package coordinator_test

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/job/checkpointing"
)

// A job that fails while a checkpoint is on its way to the store must not be restored
// from the one before: tasks may hear that it is complete, and make visible what a
// restore would repeat. So the restore waits for it.
func TestRestoreWaitsForCompletion(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		s.TriggerCheckpoint(coordinator.Configured)
		s.acknowledgeAll(1)
		s.TriggerCheckpoint(coordinator.Configured)
		synctest.Wait()
		s.store.hold()
		s.acknowledgeAll(2)
		var restored *coordinator.Restored
		done := make(chan error, 1)
		go func() {
			s.AbortPendingCheckpoints(&checkpoint.Failure{Reason: checkpoint.JobFailoverRegion})
			r, err := s.RestoreLatestToAll(t.Context())
			restored = r
			done <- err
		}()
		synctest.Wait()
		select {
		case err := <-done:
			t.Fatalf("restored %+v, %v, while checkpoint 2 was on its way", restored, err)
		default:
		}
		s.store.release()
		if err := <-done; err != nil || restored.CheckpointID != 2 {
			t.Fatalf("restored %+v, %v; want checkpoint 2", restored, err)
		}
	})
}

// After a restart the new attempts take the checkpoints, and what the old ones still
// say is not taken for theirs.
func TestRestart(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		s.TriggerCheckpoint(coordinator.Configured)
		s.acknowledgeAll(1)
		pending := s.TriggerCheckpoint(coordinator.Configured)
		synctest.Wait()
		old := s.answer("source0", 2)
		s.AbortPendingCheckpoints(&checkpoint.Failure{Reason: checkpoint.JobFailoverRegion})
		s.broken(pending, checkpoint.JobFailoverRegion)
		restored, err := s.RestoreLatestToAll(t.Context())
		if err != nil || restored.CheckpointID != 1 || restored.NextCheckpointID != 3 {
			t.Fatalf("restored %+v, %v", restored, err)
		}
		s.deploy(1)
		p := s.TriggerCheckpoint(coordinator.Configured)
		s.acknowledge(3, "source1", "count0", "count1")
		old.CheckpointID = 3
		s.AcknowledgeCheckpoint(t.Context(), old)
		s.open(p)
		s.acknowledge(3, "source0")
		s.kept(p, 3)
	})
}

// What was restored from the user's files must not be built upon: checkpoints are full
// until one is complete. Savepoints are what they are.
func TestFullAfterNoClaim(t *testing.T) {
	config := func(c *checkpointing.Config) { c.TolerableFailures = 9 }
	onStage(t, script{config: config}, func(t *testing.T, s *stage) {
		p := s.TriggerSavepoint("", checkpoint.Native)
		s.acknowledgeAll(1)
		s.kept(p, 1)
		save, _ := p.Result()
		restored, err := s.RestoreSavepoint(t.Context(), coordinator.SavepointRestoreSettings{Path: save.ExternalPointer()})
		if err != nil || restored.NextCheckpointID != 2 {
			t.Fatalf("restored %+v, %v", restored, err)
		}
		check := func(id int64, want checkpoint.SnapshotType) {
			t.Helper()
			if got := s.barrier(id).Options.Type; got != want {
				t.Errorf("checkpoint %d is %+v, want %+v", id, got, want)
			}
		}
		s.TriggerCheckpoint(coordinator.Configured)
		check(2, checkpoint.FullCheckpointType)
		s.decline(2, "count0", nil)
		s.TriggerSavepoint("", checkpoint.Native)
		check(3, checkpoint.SavepointType(checkpoint.Native, checkpoint.ActionNone))
		s.acknowledgeAll(3)
		s.TriggerCheckpoint(coordinator.Incremental)
		check(4, checkpoint.FullCheckpointType)
		s.take()
		s.acknowledgeAll(4)
		s.hear(everyone("complete 4, subsumed -1")...) // savepoint 1 is pushed out, and stays
		s.TriggerCheckpoint(coordinator.Configured)
		check(5, checkpoint.CheckpointType)
		s.acknowledgeAll(5)
		if got := s.files("savepoints"); len(got) != 10 || len(s.sharedGarbage()) > 0 || fmt.Sprint(s.discarded()) != "[4]" {
			t.Errorf("files of savepoints %v, discarded %v and %v", got, s.discarded(), s.sharedGarbage())
		}
	})
}

// A job that leaves its max parallelism open has the one of what it was restored from,
// and says so in its own checkpoints: key groups are counted by it.
func TestRestoredMaxParallelism(t *testing.T) {
	var pointer string
	var before *stage
	onStage(t, script{max: 64}, func(_ *testing.T, s *stage) {
		p := s.TriggerSavepoint("", checkpoint.Canonical)
		s.acknowledgeAll(1)
		s.kept(p, 1)
		save, _ := p.Result()
		pointer, before = save.ExternalPointer(), s
	})
	onStage(t, script{memory: before.memory}, func(t *testing.T, s *stage) {
		if _, err := s.RestoreSavepoint(t.Context(), coordinator.SavepointRestoreSettings{Path: pointer}); err != nil {
			t.Fatal(err)
		}
		p := s.TriggerCheckpoint(coordinator.Configured)
		s.acknowledgeAll(2)
		s.kept(p, 2)
		cp, _ := p.Result()
		if got := cp.Operators[1].MaxParallelism; got != 64 {
			t.Errorf("max parallelism %d, want 64", got)
		}
	})
}
