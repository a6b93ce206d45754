package cleaner

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/cairnstate/cairn/coordinator/work"
)

// ErrStopped is what deletions end with that had not begun when the cleaner was stopped
// without another cause.
var ErrStopped = errors.New("the cleaner was stopped")

// Cleaner runs deletions (Flink: CheckpointsCleaner). [New] makes one. It is safe for
// use by many goroutines at once, and holds no lock while it calls anybody.
type Cleaner struct {
	executor work.Executor
	parallel int
	ctx      context.Context // of all deletions
	stop     context.CancelCauseFunc

	mu       sync.Mutex
	waiting  []deletion    // guarded by mu; oldest first
	running  int           // guarded by mu; at most parallel
	cleaning int           // guarded by mu; those that have not been done
	open     int           // guarded by mu; those that have not been told either
	idle     chan struct{} // guarded by mu; closed when open becomes 0; nil if nobody waits
}

// deletion is one thing to delete.
type deletion struct {
	name string
	work func(context.Context) error
	done func(error)
}

// New returns a cleaner that deletes so many things at a time, at least one.
func New(executor work.Executor, parallel int) *Cleaner {
	ctx, stop := context.WithCancelCause(context.Background())
	return &Cleaner{executor: executor, parallel: max(parallel, 1), ctx: ctx, stop: stop}
}

// Clean has the executor call work, when it is its turn, and done with what came of
// it, once. done may be nil. The name says what is deleted, for the error. Neither is
// called before Clean returns, unless the executor does that.
func (c *Cleaner) Clean(name string, work func(ctx context.Context) error, done func(error)) {
	d := deletion{name, work, done}
	c.mu.Lock()
	c.cleaning++
	c.open++
	starts := c.running < c.parallel
	if starts {
		c.running++
	} else {
		c.waiting = append(c.waiting, d)
	}
	c.mu.Unlock()
	if starts {
		c.begin(d)
	}
}

// Cleaning returns how many deletions are waiting or under way. When done is called
// its own is not among them any more.
func (c *Cleaner) Cleaning() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cleaning
}

// Stop ends the context of what is under way, and lets nothing begin any more: what
// waits, and what comes, ends with the cause, or with [ErrStopped] if that is nil. It
// does not wait. The first cause counts.
func (c *Cleaner) Stop(cause error) {
	if cause == nil {
		cause = ErrStopped
	}
	c.stop(cause)
}

// Wait returns when there is nothing to delete and all has been told; else the cause
// of the end of ctx. What is under way goes on then.
func (c *Cleaner) Wait(ctx context.Context) error {
	if err := c.executor.Await(ctx, c.whenIdle()); err != nil {
		return fmt.Errorf("cleaner: %d deletions are not done: %w", c.Cleaning(), err)
	}
	return nil
}

func (c *Cleaner) whenIdle() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.idle == nil {
		c.idle = make(chan struct{})
	}
	idle := c.idle
	c.wake()
	return idle
}

// wake tells those that wait, if there is nothing left. The caller holds the lock.
func (c *Cleaner) wake() {
	if c.open == 0 && c.idle != nil {
		close(c.idle)
		c.idle = nil
	}
}
