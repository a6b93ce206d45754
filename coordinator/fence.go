package coordinator

import (
	"errors"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
)

// noticeFence ends a coordinator whose job another one has taken over: it gives up
// what it was doing, deletes nothing, and tells whoever owns it to stop the tasks.
func (c *Coordinator) noticeFence(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fence(err)
}

// fence is noticeFence for who has the lock. Whoever shuts the coordinator down need not
// be told: he gets the error.
func (c *Coordinator) fence(err error) {
	if c.fenced != nil || !errors.Is(err, completed.ErrFenced) {
		return
	}
	c.fenced = err
	c.cleaner.Stop(err)
	c.opts.Logger.Error("another coordinator has taken over; this one stops", "error", err)
	if c.opts.Checkpointing == nil || c.shutDown {
		return
	}
	c.underway.scheduler.running = false
	c.disarm()
	c.abortAll(&checkpoint.Failure{Reason: checkpoint.CoordinatorShutdown, Cause: err})
	c.failJob(err)
}

// ends returns why nothing may begin any more, or nil.
func (c *Coordinator) ends() error {
	switch {
	case c.shutDown:
		return ErrShutDown
	case c.fenced != nil:
		return fmt.Errorf("it was overtaken: %w", c.fenced)
	}
	return nil
}
