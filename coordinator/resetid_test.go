package coordinator_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
)

// An id that a task has heard of is not given out again, even if an older savepoint is
// restored: what is being deleted for the first would be files of the second.
func TestIDsAreNotUsedTwice(t *testing.T) {
	slow := &slowBackend{}
	sc := script{backend: func(b *mem.Backend) backend.Backend { slow.Backend = b; return slow }}
	onStage(t, sc, func(t *testing.T, s *stage) {
		savepoint := s.TriggerSavepoint("", checkpoint.Canonical)
		s.acknowledgeAll(1)
		cp, err := savepoint.Result()
		if err != nil {
			t.Fatal(err)
		}
		s.TriggerCheckpoint(coordinator.Configured)
		s.acknowledge(2, "source0")
		slow.hold()
		restored, err := s.RestoreSavepoint(t.Context(), coordinator.SavepointRestoreSettings{Path: cp.ExternalPointer()})
		if err != nil {
			t.Fatal(err)
		}
		p := s.TriggerCheckpoint(coordinator.Configured)
		synctest.Wait()
		id := restored.NextCheckpointID
		s.acknowledge(id, "source0", "source1", "count0")
		slow.release()
		synctest.Wait()
		s.acknowledge(id, "count1")
		s.kept(p, id)
		if got := s.files(chk(fmt.Sprint(id))); len(got) != 5 {
			t.Errorf("checkpoint %d has the files %v", id, got)
		}
	})
}

// inDoubt is a store that takes what it is given, and whose answer is lost.
type inDoubt struct{ *stageStore }

func (s inDoubt) Add(ctx context.Context, c *completed.Checkpoint) ([]*completed.Checkpoint, error) {
	if _, err := s.stageStore.Add(ctx, c); err != nil {
		return nil, err
	}
	return nil, fmt.Errorf("store: %w", completed.ErrInDoubt)
}

// A claim that nobody knows to be in the store is no claim yet.
func TestClaimInDoubt(t *testing.T) {
	options := func(o *coordinator.Options) { o.Store = inDoubt{newStageStore(t, 1)} }
	onStage(t, script{options: options}, func(t *testing.T, s *stage) {
		savepoint := s.TriggerSavepoint("", checkpoint.Canonical)
		s.acknowledgeAll(1)
		cp, err := savepoint.Result()
		if err != nil {
			t.Fatal(err)
		}
		claim := coordinator.SavepointRestoreSettings{Path: cp.ExternalPointer(), ClaimMode: coordinator.Claim}
		if _, err := s.RestoreSavepoint(t.Context(), claim); !errors.Is(err, completed.ErrInDoubt) {
			t.Fatalf("error %v", err)
		}
		s.end(completed.Finished)
		if got := s.discarded(); len(got) > 0 {
			t.Errorf("discarded what nobody has restored: %v", got)
		}
	})
}
