package coordinator

import (
	"slices"

	"github.com/cairnstate/cairn/coordinator/plan"
	"github.com/cairnstate/cairn/task"
)

// notifyComplete tells the tasks, then the coordinators of operators, that what they
// hold back for a checkpoint may be seen. Notifications of two checkpoints may
// overtake each other.
func (c *Coordinator) notifyComplete(t *taking, lastSubsumed int64) {
	message := task.Completed{CheckpointID: t.ID(), Timestamp: t.Triggered(), LastSubsumed: lastSubsumed}
	participants := slices.Clone(c.coordinators)
	c.opts.Executor.Go(func() {
		c.tell(t, "complete", func(e plan.Execution) error { return e.Gateway.NotifyCheckpointComplete(c.ctx, message) })
		for _, oc := range participants {
			oc.coordinator.NotifyCheckpointComplete(t.ID())
		}
	})
}

// notifyAborted tells them that they need not hold back for it any longer. A
// coordinator without a say does not know that.
func (c *Coordinator) notifyAborted(t *taking) {
	if c.fenced != nil {
		return
	}
	message := task.Aborted{CheckpointID: t.ID(), Timestamp: t.Triggered(), LatestCompleted: c.latestCompleted()}
	participants := slices.Clone(c.coordinators)
	c.opts.Executor.Go(func() {
		for _, oc := range participants {
			oc.coordinator.NotifyCheckpointAborted(t.ID())
		}
		c.tell(t, "aborted", func(e plan.Execution) error { return e.Gateway.NotifyCheckpointAborted(c.ctx, message) })
	})
}

func (c *Coordinator) tell(t *taking, what string, send func(plan.Execution) error) {
	for _, execution := range t.plan.Commit {
		if err := send(execution); err != nil {
			c.opts.Logger.Debug("notification not delivered", "checkpoint", t.ID(), "what", what, "task", execution.Attempt.String(), "error", err)
		}
	}
}

func (c *Coordinator) latestCompleted() int64 {
	if all := c.opts.Store.All(); len(all) > 0 {
		return all[len(all)-1].ID
	}
	return noCheckpointID
}

// participants returns the coordinators of operators. The lock is not held.
func (c *Coordinator) participants() []coordinatorContext {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.coordinators)
}
