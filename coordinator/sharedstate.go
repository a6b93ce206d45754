package coordinator

import (
	"fmt"

	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/sharedstate"
)

// registerRetained registers the shared state of all that is retained, oldest
// first, and of what was pushed out but is not given up yet.
func (c *Coordinator) registerRetained() error {
	for _, checkpoints := range [][]*completed.Checkpoint{c.subsumed, c.opts.Store.All()} {
		for _, cp := range checkpoints {
			if err := c.register(cp); err != nil {
				return err
			}
		}
	}
	return c.disownUnclaimed()
}

// register takes up the shared state of a checkpoint. A snapshot that the job
// does not build on is not taken up; but should the job have checkpoints that
// name the same files, these are the user's now.
func (c *Coordinator) register(cp *completed.Checkpoint) error {
	register := c.registry.Register
	if cp.Properties.Unclaimed {
		register = c.registry.Disown
	}
	if err := register(restoredState(cp)); err != nil {
		return fmt.Errorf("register shared state of checkpoint %d: %w", cp.ID, err)
	}
	return nil
}

// disownUnclaimed disowns again what was registered after the unclaimed snapshot
// that names it.
func (c *Coordinator) disownUnclaimed() error {
	for _, cp := range c.opts.Store.All() {
		if cp.Properties.Unclaimed {
			if err := c.register(cp); err != nil {
				return err
			}
		}
	}
	return nil
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
