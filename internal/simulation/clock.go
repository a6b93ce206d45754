package simulation

import (
	"context"
	"sync"
	"time"

	"github.com/cairnstate/cairn/coordinator/work"
)

// epoch is when all runs begin.
var epoch = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// clock is the [work.Clock] of a process. It goes on while the process is frozen.
type clock struct{ of *process }

var _ work.Clock = clock{}

// Now is the time of the world.
func (c clock) Now() time.Time { return epoch.Add(c.of.world.now) }

// AfterFunc calls f in a goroutine of the process, a little late.
func (c clock) AfterFunc(d time.Duration, f func()) work.Timer {
	jitter := c.of.world.between(0, time.Millisecond)
	return timer{c.of.spawn(max(d, 0)+jitter, "timer", "", f)}
}

type timer struct{ event *event }

// Stop calls it off.
func (t timer) Stop() bool {
	pending := t.event.do != nil && !t.event.off && !t.event.done
	t.event.off = true
	return pending
}

// executor is the [work.Executor] of a process.
type executor struct{ of *process }

var _ work.Executor = executor{}

// Go calls f in a goroutine of the process, soon, and not in the order of the calls.
func (e executor) Go(f func()) {
	e.of.spawn(e.of.world.between(0, 3*time.Millisecond), "runs", "", f)
}

// NewLock returns a lock that may be held while the process sleeps.
func (e executor) NewLock() sync.Locker { return &lock{of: e.of} }

// Await looks again and again: who is woken by a channel runs beside who closed it.
func (e executor) Await(ctx context.Context, done <-chan struct{}) error {
	for {
		select {
		case <-done:
			return nil
		default:
		}
		if err := context.Cause(ctx); err != nil {
			return err
		}
		if !e.of.waitFor(10 * time.Millisecond) {
			return errCrashed
		}
	}
}
