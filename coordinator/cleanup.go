package coordinator

import (
	"context"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
)

// mostNotDeleted is how many pieces of garbage are tried again. A store that deletes
// nothing for days would else fill the memory with what it has not deleted.
const mostNotDeleted = 64

// clean hands garbage to the cleaner. Of what could not be deleted before one piece is
// tried again, apart: it must not be in the way of what can be.
func (c *Coordinator) clean(garbage Garbage) {
	again := c.underway.notDeleted
	if len(again) > 0 {
		c.underway.notDeleted = again[1:]
		c.cleanPiece(again[0])
	}
	c.cleanPiece(garbage)
}

// cleanRest tries all once more that could not be deleted.
func (c *Coordinator) cleanRest() {
	rest := c.underway.notDeleted
	c.underway.notDeleted = nil
	for _, piece := range rest {
		c.cleanPiece(piece)
	}
}

func (c *Coordinator) cleanPiece(garbage Garbage) {
	if garbage.Empty() {
		return
	}
	c.cleanUp(garbage.String(), func(ctx context.Context) error {
		left, err := c.carryOut(ctx, garbage)
		if !left.Empty() {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.notDeleted(left)
		}
		return err
	})
}

// notDeleted remembers a piece to be tried again.
func (c *Coordinator) notDeleted(garbage Garbage) {
	c.underway.notDeleted = append(c.underway.notDeleted, garbage)
	if len(c.underway.notDeleted) > mostNotDeleted {
		c.opts.Logger.Warn("not deleted; not tried again by this coordinator", "what", c.underway.notDeleted[0].String())
		c.underway.notDeleted = c.underway.notDeleted[1:]
	}
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

// disposeCompleted deletes a checkpoint that was published and never counted.
func (c *Coordinator) disposeCompleted(cp *completed.Checkpoint) {
	c.clean(Garbage{Checkpoints: []*completed.Checkpoint{cp}})
}

// discardStates deletes files that a task has reported and that nothing refers to.
// Those that it shares between checkpoints are the registry's to give up.
func (c *Coordinator) discardStates(of ending, states []*checkpoint.OperatorSubtaskState) {
	handles := privateHandles(states)
	if of.location == nil || len(handles) == 0 {
		return
	}
	c.cleanUp(fmt.Sprintf("late state of checkpoint %d", of.id), func(ctx context.Context) error {
		return of.location.DiscardStates(ctx, handles)
	})
}

// withoutChangelog leaves out state that a changelog was materialized to. Its files are
// the task's, which names them in one checkpoint after the other until it has
// materialized anew, and deletes them then.
func withoutChangelog(state *checkpoint.OperatorSubtaskState) *checkpoint.OperatorSubtaskState {
	_, managed := state.ManagedKeyedState.(*checkpoint.ChangelogStateBackendHandle)
	_, raw := state.RawKeyedState.(*checkpoint.ChangelogStateBackendHandle)
	if !managed && !raw {
		return state
	}
	without := *state
	if managed {
		without.ManagedKeyedState = nil
	}
	if raw {
		without.RawKeyedState = nil
	}
	return &without
}

// privateHandles are those on files that belong to one checkpoint alone.
func privateHandles(states []*checkpoint.OperatorSubtaskState) []checkpoint.StreamStateHandle {
	subtasks := make([]checkpoint.SubtaskState, len(states))
	for i, state := range states {
		subtasks[i].State = withoutChangelog(state)
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
