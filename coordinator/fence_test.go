package coordinator_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
)

// Whoever was overtaken may learn it from whatever is asked of the store. From then on
// nothing is deleted, nothing begins, and its owner knows.
func TestFencedByARestore(t *testing.T) {
	onFencedStage(t, func(t *testing.T, s *stage, f *fencedStore) {
		f.fail(errOvertaken)
		if _, err := s.RestoreLatestToAll(t.Context()); !errors.Is(err, completed.ErrFenced) {
			t.Errorf("error %v", err)
		}
		if got := s.jobFailures(); len(got) != 1 || !errors.Is(got[0], completed.ErrFenced) {
			t.Errorf("the job fails with %v", got)
		}
		f.fail(nil)
		if err := s.StartCheckpointScheduler(); !errors.Is(err, completed.ErrFenced) {
			t.Errorf("it starts: %v", err)
		}
		if _, err := s.RestoreLatestToAll(t.Context()); !errors.Is(err, completed.ErrFenced) {
			t.Errorf("it restores: %v", err)
		}
		if err := s.Shutdown(t.Context(), completed.Suspended); err != nil {
			t.Error(err)
		}
	})
}

func TestFencedByTheEnd(t *testing.T) {
	onFencedStage(t, func(t *testing.T, s *stage, f *fencedStore) {
		f.fail(errOvertaken)
		if err := s.Shutdown(t.Context(), completed.Finished); !errors.Is(err, completed.ErrFenced) {
			t.Errorf("error %v", err)
		}
		if got := s.jobFailures(); len(got) > 0 {
			t.Errorf("the job fails with %v, though it has ended", got)
		}
	})
}

// onFencedStage plays where a checkpoint was given up, and a task has written into its
// directory after that, and checks that this file stays.
func onFencedStage(t *testing.T, play func(t *testing.T, s *stage, f *fencedStore)) {
	t.Helper()
	f := &fencedStore{stageStore: newStageStore(t, 1)}
	sc := script{config: periodicEach(time.Hour), options: func(o *coordinator.Options) { o.Store = f }}
	onStage(t, sc, func(t *testing.T, s *stage) {
		s.TriggerCheckpoint(coordinator.Configured)
		s.hear(barriers(1)...)
		s.decline(1, "count0", &checkpoint.Failure{Reason: checkpoint.DeclinedTaskNotReady})
		s.take()
		s.answer("source1", 1)
		play(t, s, f)
		if got := s.files(chk("1")); len(got) != 1 {
			t.Errorf("it deletes: %v is left", got)
		}
	})
}

var errOvertaken = fmt.Errorf("store: %w", completed.ErrFenced)

// fencedStore is a store that another coordinator has taken over.
type fencedStore struct{ *stageStore }

func (f *fencedStore) Recover(ctx context.Context) error { return f.pass(ctx) }

func (f *fencedStore) Shutdown(ctx context.Context, status completed.JobStatus) (discard, retain []*completed.Checkpoint, err error) {
	if err := f.pass(ctx); err != nil {
		return nil, nil, err
	}
	return f.stageStore.Shutdown(ctx, status)
}
