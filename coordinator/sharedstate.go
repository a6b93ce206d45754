package coordinator

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/sharedstate"
)

// registerRetained registers the shared state of all that is retained, oldest
// first, and of what was pushed out but is not given up yet. What an earlier
// coordinator claimed may have been pushed out before this one began; files of it that
// are in use are the job's nonetheless.
func (c *Coordinator) registerRetained() error {
	var pushedOut []*completed.Checkpoint // and not told yet
	if journal, ok := c.opts.Store.(completed.Journal); ok {
		for _, pointer := range journal.Claimed() {
			c.remember(pointer)
		}
		pushedOut = journal.PushedOut()
	}
	for _, checkpoints := range [][]*completed.Checkpoint{c.subsumed, pushedOut, c.opts.Store.All()} {
		for _, cp := range checkpoints {
			if err := c.register(cp); err != nil {
				return err
			}
		}
	}
	c.unregistered = false
	return nil
}

// register takes up the shared state of a checkpoint, unless the job does not
// build on it.
func (c *Coordinator) register(cp *completed.Checkpoint) error {
	if cp.Properties.Unclaimed {
		return nil
	}
	c.claim(cp)
	if err := c.registry.Register(restoredState(cp)); err != nil {
		return fmt.Errorf("register shared state of checkpoint %d: %w", cp.ID, err)
	}
	return nil
}

// claim remembers where files of the job may be beside its own directory.
func (c *Coordinator) claim(cp *completed.Checkpoint) {
	ck, pointer := c.opts.Checkpointing, cp.ExternalPointer()
	if cp.Owned && (ck == nil || !strings.HasPrefix(pointer, ck.Storage.JobDirectory()+"/")) {
		c.remember(pointer)
	}
}

func (c *Coordinator) remember(claimed string) {
	if !slices.Contains(c.claimed, claimed) {
		c.claimed = append(c.claimed, claimed)
	}
}

// unregisterUnused asks the registry what may go once nothing below lowest is
// needed. First it disowns all that retained snapshots of the user name, unproven
// ones included, and private files too: the job may have checkpoints, older ones
// or newer, that name the same files.
func (c *Coordinator) unregisterUnused(lowest int64, retained []*completed.Checkpoint) sharedstate.Unused {
	for _, cp := range retained {
		if !cp.Owned || slices.Contains(c.unproven, cp) {
			c.registry.Disown(restoredState(cp))
		}
	}
	return c.registry.UnregisterUnused(lowest)
}

// nextRegistry closes the registry, and puts a fresh one in its place, which knows
// what is the user's.
func (c *Coordinator) nextRegistry() (last *sharedstate.Registry) {
	for _, cp := range c.opts.Store.All() {
		if !cp.Owned {
			c.registry.Disown(restoredState(cp))
		}
	}
	last = c.registry
	c.registry, c.unregistered = last.Successor(), true
	return last
}

// cleanAbandoned deletes what tasks had shared for checkpoints that were never
// completed: whoever takes up the work from what is retained does not know of it.
func (c *Coordinator) cleanAbandoned(last *sharedstate.Registry) {
	if c.opts.Checkpointing == nil {
		return // nobody has written anything
	}
	c.clean(Garbage{SharedState: last.Abandoned(c.registry), Claimed: slices.Clone(c.claimed)})
}

func restoredState(cp *completed.Checkpoint) sharedstate.Restored {
	return sharedstate.Restored{
		CheckpointID: cp.ID,
		Operators:    cp.Operators,
		Directory:    cp.ExternalPointer(),
		Owned:        cp.Owned,
		Sharing:      cp.Sharing(),
	}
}
