package coordinator_test

import (
	"context"
	"iter"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/work"
	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
)

// slowBackend is a store that takes long to say what is in it, which is what giving a
// checkpoint up begins with.
type slowBackend struct {
	turnstile
	*mem.Backend
}

func (b *slowBackend) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	if err := b.pass(ctx); err != nil {
		return func(yield func(backend.Info, error) bool) { yield(backend.Info{}, err) }
	}
	return b.Backend.List(ctx, prefix)
}

// Deleting is done beside the checkpoints. But a job that makes more garbage than its
// store can delete has to wait for it: people too, savepoints too.
func TestDeletionsHoldUpCheckpoints(t *testing.T) {
	slow := &slowBackend{}
	config := func(c *checkpointing.Config) { c.TolerableFailures = 9 }
	sc := script{config: config, backend: func(b *mem.Backend) backend.Backend { slow.Backend = b; return slow }}
	onStage(t, sc, func(_ *testing.T, s *stage) {
		s.TriggerCheckpoint(coordinator.Configured)
		s.TriggerCheckpoint(coordinator.Configured)
		s.hear(barriers(1)...)
		slow.hold()
		s.decline(1, "count0", nil)
		s.hearAnyway(append(everyone("aborted 1, latest -1"), barriers(2)...)) // one deletion is none too many
		s.decline(2, "count0", nil)
		s.hear(everyone("aborted 2, latest -1")...)
		p := s.TriggerSavepoint("mem://jobs/elsewhere", checkpoint.Canonical)
		s.hear()
		slow.release()
		s.hear(barriers(3)...)
		s.acknowledgeAll(3)
		s.kept(p, 3)
	})
}

// lateClock has timers that go off though they were stopped: what Stop prevents is a
// call that has not begun, and this one had.
type lateClock struct{ work.System }

func (c lateClock) AfterFunc(d time.Duration, f func()) work.Timer {
	return lateTimer{c.System.AfterFunc(d, f)}
}

type lateTimer struct{ work.Timer }

func (lateTimer) Stop() bool { return false }

// A tick of before the scheduler was stopped, or set anew, is nobody's; and so is the
// expiry of a checkpoint that has ended.
func TestTimersThatGoOffTooLate(t *testing.T) {
	config := func(c *checkpointing.Config) { c.Interval, c.Timeout = time.Minute, time.Minute }
	options := func(o *coordinator.Options) { o.Clock = lateClock{} }
	onStage(t, script{config: config, options: options, random: atOnce}, func(t *testing.T, s *stage) {
		s.start() // its next tick would be at 1:00
		s.hear(barriers(1)...)
		s.acknowledgeAll(1)
		time.Sleep(30 * time.Second)
		s.StopCheckpointScheduler()
		s.start() // its next tick is at 1:30
		s.take()
		s.acknowledgeAll(2)
		s.take()
		time.Sleep(time.Minute - time.Nanosecond)
		s.hear()
		time.Sleep(time.Nanosecond)
		s.hear(barriers(3)...)
		synctest.Wait()
		if got := s.jobFailures(); len(got) > 0 {
			t.Errorf("the job fails with %v", got)
		}
	})
}
