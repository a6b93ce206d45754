package coordinator_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/job/checkpointing"
)

func (s *stage) start() {
	s.t.Helper()
	if err := s.StartCheckpointScheduler(); err != nil {
		s.t.Fatal(err)
	}
	synctest.Wait()
}

// barriers is what the sources hear at the beginning of a checkpoint.
func barriers(id int64) []string {
	return []string{fmt.Sprintf("source0: barrier %d", id), fmt.Sprintf("source1: barrier %d", id)}
}

// The first checkpoint comes after a random part of the interval, but never within the
// minimum pause; the others at the interval, whatever the first one did.
func TestPeriodic(t *testing.T) {
	for name, test := range map[string]struct {
		random func(int64) int64
		first  time.Duration
	}{
		"lowest":  {func(int64) int64 { return 0 }, 2 * time.Second},
		"highest": {func(n int64) int64 { return n - 1 }, 10 * time.Second},
		"between": {func(n int64) int64 { return n / 2 }, 6 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			config := func(c *checkpointing.Config) { c.Interval, c.MinPause = 10*time.Second, 2*time.Second }
			onStage(t, script{config: config, random: test.random}, func(_ *testing.T, s *stage) {
				s.start()
				time.Sleep(test.first - 1)
				s.hear()
				time.Sleep(time.Nanosecond)
				s.hear(barriers(1)...)
				s.acknowledgeAll(1)
				s.take()
				for id := int64(2); id < 5; id++ {
					time.Sleep(10*time.Second - 1)
					s.hear()
					time.Sleep(time.Nanosecond)
					s.hear(barriers(id)...)
					s.acknowledgeAll(id)
					s.take()
				}
			})
		})
	}
}

// What cannot be started says why.
func TestStartRefuses(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		if err := s.StartCheckpointScheduler(); !errors.Is(err, coordinator.ErrNotPeriodic) {
			t.Errorf("without an interval: %v", err)
		}
	})
	onStage(t, script{config: periodicEach(time.Minute)}, func(t *testing.T, s *stage) {
		s.end(completed.Finished)
		if err := s.StartCheckpointScheduler(); !errors.Is(err, coordinator.ErrShutDown) {
			t.Errorf("after the end: %v", err)
		}
	})
}

// Stopping gives up all: what is under way, what is queued, savepoints too; and no more
// comes, until it is started again.
func TestStop(t *testing.T) {
	config := func(c *checkpointing.Config) { c.Interval, c.Unaligned = time.Minute, true } // savepoints wait
	onStage(t, script{config: config, random: atOnce}, func(t *testing.T, s *stage) {
		s.start()
		s.hear(barriers(1)...)
		waits, queued := s.TriggerSavepoint("", checkpoint.Canonical), s.TriggerCheckpoint(coordinator.Full)
		s.open(waits)
		s.open(queued)
		s.StopCheckpointScheduler()
		s.broken(waits, checkpoint.CoordinatorSuspend)
		s.broken(queued, checkpoint.CoordinatorSuspend)
		s.hear(everyone("aborted 1, latest -1")...)
		time.Sleep(time.Hour)
		s.hear()
		if got := s.jobFailures(); len(got) > 0 {
			t.Errorf("the job fails with %v", got)
		}
		s.StopCheckpointScheduler() // again, which is nothing
		s.start()
		s.hear(barriers(2)...)
	})
}

// Starting what runs begins anew, and gives up what was under way.
func TestStartTwice(t *testing.T) {
	onStage(t, script{config: periodicEach(time.Minute), random: atOnce}, func(t *testing.T, s *stage) {
		s.start()
		s.hear(barriers(1)...)
		if err := s.StartCheckpointScheduler(); err != nil {
			t.Fatal(err)
		}
		heard := s.take()
		time.Sleep(time.Minute - 1)
		s.hear() // one chain of ticks, not two
		if want := "source0: aborted 1, latest -1"; !strings.Contains(heard, want) || !strings.Contains(heard, "source0: barrier 2") {
			t.Errorf("heard %q", heard)
		}
	})
}

// No more run at once than may. The ticks that come meanwhile wait, each for itself.
func TestMaxConcurrent(t *testing.T) {
	config := func(c *checkpointing.Config) { c.Interval, c.MaxConcurrent = time.Second, 2 }
	onStage(t, script{config: config, random: atOnce}, func(_ *testing.T, s *stage) {
		s.start()
		s.hear(barriers(1)...)
		time.Sleep(time.Second)
		s.hear(barriers(2)...)
		time.Sleep(2 * time.Second) // two more ticks
		s.hear()
		s.decline(1, "count0", nil)
		s.hearAnyway(append(everyone("aborted 1, latest -1"), barriers(3)...))
		s.decline(2, "count0", nil)
		s.hearAnyway(append(everyone("aborted 2, latest -1"), barriers(4)...))
	})
}

// The pause counts from the end of the one before. A tick that comes too early is
// refused, and the next comes when the pause is over.
func TestMinPause(t *testing.T) {
	config := func(c *checkpointing.Config) { c.Interval, c.MinPause = 10*time.Second, 7*time.Second }
	onStage(t, script{config: config, random: atOnce}, func(_ *testing.T, s *stage) {
		s.start()
		time.Sleep(7 * time.Second)
		s.hear(barriers(1)...)
		time.Sleep(6 * time.Second)
		s.acknowledgeAll(1)
		s.take()
		time.Sleep(7*time.Second - 1) // the tick at 17 s was too early
		s.hear()
		time.Sleep(time.Nanosecond)
		s.hear(barriers(2)...)
		s.acknowledgeAll(2)
		s.take()
		time.Sleep(10*time.Second - 1) // from there on, at the interval
		s.hear()
		time.Sleep(time.Nanosecond)
		s.hear(barriers(3)...)
	})
}

// A checkpoint ends when it is in the store, which may take its time.
func TestMinPauseAfterASlowStore(t *testing.T) {
	config := func(c *checkpointing.Config) { c.Interval, c.MinPause = 10*time.Second, 7*time.Second }
	onStage(t, script{config: config, random: atOnce}, func(_ *testing.T, s *stage) {
		s.start()
		time.Sleep(7 * time.Second)
		s.store.hold()
		s.acknowledgeAll(1)
		time.Sleep(5 * time.Second)
		s.store.release()
		s.take()
		time.Sleep(7*time.Second - time.Nanosecond)
		s.hear()
		time.Sleep(time.Nanosecond)
		s.hear(barriers(2)...)
	})
}

// Nobody pauses after a checkpoint that failed, and no person ever.
func TestNoPause(t *testing.T) {
	config := func(c *checkpointing.Config) {
		c.Interval, c.MinPause, c.TolerableFailures = 10*time.Second, 10*time.Second, 9
	}
	onStage(t, script{config: config, random: atOnce}, func(_ *testing.T, s *stage) {
		s.start()
		time.Sleep(10 * time.Second)
		s.hear(barriers(1)...)
		time.Sleep(9 * time.Second)
		s.decline(1, "count0", nil)
		s.take()
		time.Sleep(time.Second)
		s.hear(barriers(2)...)
		s.acknowledgeAll(2)
		s.take()
		s.TriggerCheckpoint(coordinator.Configured)
		s.hear(barriers(3)...)
	})
}

// While a source works off a backlog, the interval is another one; while one does, not
// while all do.
func TestBacklog(t *testing.T) {
	backlog := time.Hour
	config := func(c *checkpointing.Config) { c.Interval, c.IntervalDuringBacklog = time.Minute, &backlog }
	onStage(t, script{config: config, random: atOnce}, func(_ *testing.T, s *stage) {
		s.start()
		s.hear(barriers(1)...)
		s.acknowledgeAll(1)
		s.take()
		s.SetProcessingBacklog(sourceID, true)
		s.SetProcessingBacklog(countID, true)
		time.Sleep(time.Minute) // the tick that was set before comes
		s.hear(barriers(2)...)
		s.acknowledgeAll(2)
		s.take()
		time.Sleep(59 * time.Minute)
		s.hear()
		s.SetProcessingBacklog(sourceID, false)
		time.Sleep(time.Minute - 1)
		s.hear()
		time.Sleep(time.Nanosecond)
		s.hear(barriers(3)...)
		s.acknowledgeAll(3)
		s.take()
		time.Sleep(30 * time.Minute)
		s.SetProcessingBacklog(countID, false) // none is left: sooner than was set
		time.Sleep(time.Minute - 1)
		s.hear()
		time.Sleep(time.Nanosecond)
		s.hear(barriers(4)...)
	})
}

// No checkpoints during a backlog: one that was set before it still comes, as in Flink,
// and the first is always set. They go on when it is over.
func TestNoCheckpointsDuringBacklog(t *testing.T) {
	never := time.Duration(0)
	config := func(c *checkpointing.Config) { c.Interval, c.IntervalDuringBacklog = time.Minute, &never }
	onStage(t, script{config: config}, func(_ *testing.T, s *stage) {
		s.SetProcessingBacklog(sourceID, true)
		s.start()
		time.Sleep(time.Minute)
		s.hear(barriers(1)...)
		s.acknowledgeAll(1)
		s.take()
		time.Sleep(24 * time.Hour)
		s.hear()
		s.SetProcessingBacklog(sourceID, false)
		time.Sleep(time.Minute - 1)
		s.hear()
		time.Sleep(time.Nanosecond)
		s.hear(barriers(2)...)
	})
}
