package coordinator_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/job/checkpointing"
)

// The end gives up what is under way and what is queued, and nothing comes after it.
func TestEnd(t *testing.T) {
	config := func(c *checkpointing.Config) { c.Interval, c.Unaligned = time.Minute, true }
	onStage(t, script{config: config, random: atOnce}, func(t *testing.T, s *stage) {
		s.start()
		s.hear(barriers(1)...)
		s.acknowledge(1, "source0")
		queued := s.TriggerSavepoint("", checkpoint.Canonical)
		s.end(completed.Finished)
		s.broken(queued, checkpoint.CoordinatorShutdown)
		s.hear(everyone("aborted 1, latest -1")...)
		if got := s.files(""); len(got) > 0 {
			t.Errorf("files stay: %v", got)
		}
		s.broken(s.TriggerCheckpoint(coordinator.Full), checkpoint.CoordinatorShutdown)
		s.broken(s.TriggerSavepoint("", checkpoint.Canonical), checkpoint.CoordinatorShutdown)
		s.broken(s.StopWithSavepoint("", checkpoint.Canonical, false), checkpoint.CoordinatorShutdown)
		s.StopCheckpointScheduler()
		s.AbortPendingCheckpoints(&checkpoint.Failure{Reason: checkpoint.JobFailoverRegion})
		time.Sleep(time.Hour)
		s.hear()
		if got := s.jobFailures(); len(got) > 0 {
			t.Errorf("the job fails with %v", got)
		}
	})
}

// One that is on its way to the store is waited for, and counts.
func TestEndWaitsForCompletion(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		p := s.TriggerCheckpoint(coordinator.Configured)
		synctest.Wait()
		s.store.hold()
		s.acknowledgeAll(1)
		ended := make(chan error, 1)
		go func() { ended <- s.Shutdown(t.Context(), completed.Suspended) }()
		synctest.Wait()
		select {
		case err := <-ended:
			t.Fatalf("ended with %v while checkpoint 1 was on its way", err)
		default:
		}
		s.store.release()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		s.kept(p, 1)
	})
}

// One that waits for its id is not begun any more.
func TestEndWhileTheIDIsTaken(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		s.ids.hold()
		p := s.TriggerCheckpoint(coordinator.Configured)
		synctest.Wait()
		ended := make(chan error, 1)
		go func() { ended <- s.Shutdown(t.Context(), completed.Suspended) }()
		synctest.Wait()
		s.ids.release()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		s.broken(p, checkpoint.CoordinatorShutdown)
		s.hear()
	})
}

// Who does not want to wait for a store that hangs ends the context: the end comes all
// the same, and says what is not done.
func TestEndOfAHangingStore(t *testing.T) {
	for name, hang := range map[string]func(s *stage){
		"an id":        func(s *stage) { s.ids.hold(); s.TriggerCheckpoint(coordinator.Configured) },
		"a completion": func(s *stage) { s.store.hold(); s.TriggerCheckpoint(coordinator.Configured); s.acknowledgeAll(1) },
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, script{}, func(t *testing.T, s *stage) {
				hang(s)
				synctest.Wait()
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				start := time.Now()
				_ = s.Shutdown(ctx, completed.Suspended) // of a store that hangs there is nothing to say
				if took := time.Since(start); took != time.Minute {
					t.Errorf("it took %s", took)
				}
			})
		})
	}
}

func TestEndOfAHangingDeletion(t *testing.T) {
	options := func(o *coordinator.Options) {
		o.Executor = nil
		o.Discard = func(ctx context.Context, _ coordinator.Garbage) error { <-ctx.Done(); return context.Cause(ctx) }
	}
	onStage(t, script{options: options}, func(t *testing.T, s *stage) {
		for id := int64(1); id <= 2; id++ {
			s.TriggerCheckpoint(coordinator.Configured)
			s.acknowledgeAll(id)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		if err := s.Shutdown(ctx, completed.Suspended); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Minute {
			t.Errorf("%v after %s", err, time.Since(start))
		}
	})
}
