package coordinator

import (
	"errors"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
)

// noticeFence ends a coordinator whose job another one has taken over: it gives up
// what it was doing, deletes nothing, and tells whoever owns it to stop the tasks.
func (c *Coordinator) noticeFence(err error) {
	if !errors.Is(err, completed.ErrFenced) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fenced != nil {
		return
	}
	c.fenced = err
	c.cleaner.Stop(err)
	c.opts.Logger.Error("another coordinator has taken over; this one stops", "error", err)
	if c.opts.Checkpointing == nil {
		return
	}
	c.underway.scheduler.running = false
	c.disarm()
	c.abortAll(&checkpoint.Failure{Reason: checkpoint.CoordinatorShutdown, Cause: err})
	c.failJob(err)
}
