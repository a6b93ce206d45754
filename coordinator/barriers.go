package coordinator

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/pending"
	"github.com/cairnstate/cairn/task"
)

// askCoordinators asks the coordinators of operators for their state, all at once,
// and goes on when all have answered.
func (c *Coordinator) askCoordinators(t *taking, then func(error)) {
	participants := c.participants()
	answers := c.join(len(participants), then)
	for _, oc := range participants {
		oc.coordinator.Checkpoint(t.ctx, t.ID(), func(state []byte, err error) {
			if err != nil {
				answers(fmt.Errorf("coordinator of operator %s: %w", oc.operator, err))
				return
			}
			c.mu.Lock()
			t.AcknowledgeCoordinator(oc.operator, state)
			c.mu.Unlock()
			answers(nil)
		})
	}
}

// askHooks asks the master hooks for their state, one after another.
func (c *Coordinator) askHooks(t *taking) error {
	states, err := c.hooks.Trigger(t.ctx, t.ID(), t.Triggered())
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range states {
		t.AcknowledgeHook(states[i].Name, &states[i])
	}
	for _, identifier := range c.hooks.Identifiers() {
		if t.AcknowledgeHook(identifier, nil) == pending.Success {
			c.opts.Logger.Debug("master hook without state", "checkpoint", t.ID(), "hook", identifier)
		}
	}
	return nil
}

// sendBarriers lets the checkpoint begin where records begin. After an error some
// tasks have the barrier and some have not, and the checkpoint is given up.
func (c *Coordinator) sendBarriers(t *taking) error {
	barrier := task.Barrier{CheckpointID: t.ID(), Timestamp: t.Triggered(), Options: c.checkpointOptions(t)}
	for _, execution := range t.plan.Trigger {
		if err := execution.Gateway.TriggerCheckpoint(t.ctx, barrier); err != nil {
			return &checkpoint.Failure{
				Reason: checkpoint.TriggerCheckpointFailure,
				Cause:  fmt.Errorf("send the barrier to task %s: %w", execution.Attempt, err),
			}
		}
	}
	return nil
}

// checkpointOptions says how the tasks take the checkpoint. What builds on a snapshot
// that the user keeps is full.
func (c *Coordinator) checkpointOptions(t *taking) task.CheckpointOptions {
	c.mu.Lock()
	defer c.mu.Unlock()
	config := &c.opts.Checkpointing.Config
	options := task.CheckpointOptions{
		Type:           t.Properties().Type,
		Location:       t.location.LocationReference(),
		ExactlyOnce:    config.ExactlyOnce,
		Unaligned:      config.Unaligned && !t.savepoint(),
		AlignedTimeout: config.AlignedTimeout,
	}
	if c.forceFullSnapshot && !t.savepoint() {
		options.Type = checkpoint.FullCheckpointType
	}
	return options
}
