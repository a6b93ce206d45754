package coordinator

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/storage"
)

// clean hands garbage to the cleaner, and with it what could not be deleted before.
func (c *Coordinator) clean(garbage Garbage) {
	garbage = garbage.and(c.underway.notDeleted)
	c.underway.notDeleted = Garbage{}
	if garbage.Empty() {
		return
	}
	c.cleanUp(garbage.String(), func(ctx context.Context) error {
		left, err := c.carryOut(ctx, garbage)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.underway.notDeleted = c.underway.notDeleted.and(left)
		return err
	})
}

// carryOut discards garbage, and writes down what that ended. It returns what is left.
func (c *Coordinator) carryOut(ctx context.Context, garbage Garbage) (left Garbage, err error) {
	if c.opts.Discard == nil {
		garbage.logLeft(ctx, c.opts.Logger)
		return Garbage{}, nil
	}
	err = c.opts.Discard(ctx, garbage)
	left = leftOf(garbage, err)
	gone := garbage.without(left)
	c.reportDiscarded(gone)
	for _, cp := range gone {
		c.ended(cp.ID)
	}
	return left, err
}

// dispose deletes what is in the directory of a checkpoint that was given up.
func (c *Coordinator) dispose(t *taking) {
	if t.location == nil {
		c.ended(t.ID())
		return // no task knows where it would have been
	}
	c.underway.aborted = append(c.underway.aborted, t)
	c.cleanUp(fmt.Sprintf("aborted checkpoint %d", t.ID()), func(ctx context.Context) error { return c.disposeNow(ctx, t) })
}

func (c *Coordinator) disposeNow(ctx context.Context, t *taking) error {
	err := t.location.DisposeOnFailure(ctx)
	if handles := privateHandles(t.states()); len(handles) > 0 {
		err = errors.Join(err, t.location.DiscardStates(ctx, handles))
	}
	return err
}

// disposeAgain looks once more into the directories of checkpoints that were given
// up before the one that has just been completed: whoever was still writing there
// has moved on since.
func (c *Coordinator) disposeAgain() {
	aborted := c.underway.aborted
	c.underway.aborted = nil
	for _, t := range aborted {
		c.cleanUp(fmt.Sprintf("aborted checkpoint %d", t.ID()), func(ctx context.Context) error {
			if err := c.disposeNow(ctx, t); err != nil {
				return err
			}
			c.ended(t.ID())
			return nil
		})
	}
}

// disposeCompleted deletes a checkpoint that was published and never counted.
func (c *Coordinator) disposeCompleted(cp *completed.Checkpoint) {
	c.clean(Garbage{Checkpoints: []*completed.Checkpoint{cp}})
}

// discardStates deletes files that a task has reported and that nothing refers to.
// Those that it shares between checkpoints are the registry's to give up.
func (c *Coordinator) discardStates(t *taking, states []*checkpoint.OperatorSubtaskState) {
	handles := privateHandles(states)
	if t.location == nil || len(handles) == 0 {
		return
	}
	c.cleanUp(fmt.Sprintf("late state of checkpoint %d", t.ID()), func(ctx context.Context) error {
		return t.location.DiscardStates(ctx, handles)
	})
}

// privateHandles are those on files that belong to one checkpoint alone.
func privateHandles(states []*checkpoint.OperatorSubtaskState) []checkpoint.StreamStateHandle {
	subtasks := make([]checkpoint.SubtaskState, len(states))
	for i, state := range states {
		subtasks[i].State = state
	}
	md := checkpoint.Metadata{Operators: []checkpoint.OperatorState{{Subtasks: subtasks}}}
	var handles []checkpoint.StreamStateHandle
	for site, handle := range md.StreamStateHandles() {
		if site.Kind == checkpoint.ExclusiveHandle {
			handles = append(handles, handle)
		}
	}
	return handles
}

// settleDoubts asks what became of publications that had no answer. One that went
// well came too late: everybody was told that the checkpoint failed.
func (c *Coordinator) settleDoubts() {
	doubtful := c.underway.doubtful
	c.underway.doubtful = nil
	for _, t := range doubtful {
		c.cleanUp(fmt.Sprintf("checkpoint %d of unknown outcome", t.ID()), func(ctx context.Context) error { return c.settle(ctx, t) })
	}
}

func (c *Coordinator) settle(ctx context.Context, t *taking) error {
	location, err := t.location.SettlePublication(ctx)
	switch {
	case err == nil:
		err = storage.DisposeStorageLocation(ctx, location, privateHandles(t.states()))
	case errors.Is(err, storage.ErrCheckpointExists):
		err = t.location.DiscardStates(ctx, privateHandles(t.states()))
	case errors.Is(err, storage.ErrPublicationUnknown):
		c.mu.Lock()
		defer c.mu.Unlock()
		c.underway.doubtful = append(c.underway.doubtful, t)
		return err
	case errors.Is(err, fs.ErrNotExist):
		err = c.disposeNow(ctx, t)
	}
	if err == nil {
		c.ended(t.ID())
	}
	return err
}

// cleanUp has the cleaner do it, and then looks whether a request waited for that. A
// coordinator without a say deletes nothing.
func (c *Coordinator) cleanUp(what string, work func(context.Context) error) {
	if c.fenced != nil {
		return
	}
	c.cleaner.Clean(what, work, func(err error) {
		if err != nil {
			c.opts.Logger.Warn("not deleted; the next start of the job tries again", "what", what, "error", err)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.opts.Checkpointing != nil {
			c.serve()
		}
	})
}
