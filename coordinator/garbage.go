package coordinator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/sharedstate"
)

// Garbage is what nothing needs any more: a plan of what to delete. Only what the
// job owns is ever in it.
type Garbage struct {
	// Checkpoints go whole, but for their shared state: metadata first, so that
	// nobody finds them any more, then private state, then the directory.
	Checkpoints []*completed.Checkpoint

	// SharedState are files and directories that checkpoints shared. Paths are as
	// the metadata has them; a storage that relocates what it reads must relocate
	// these too.
	SharedState []sharedstate.Deletion

	// Claimed are the pointers of checkpoints that the job claimed, in whose
	// directories some of the shared state may be.
	Claimed []string
}

// Empty reports whether there is nothing to delete.
func (g Garbage) Empty() bool { return len(g.Checkpoints) == 0 && len(g.SharedState) == 0 }

// LeftError is what Options.Discard returns if a part of the garbage is left, which is
// given up again later. What is not in Left is gone, or will stay for good.
type LeftError struct {
	Left Garbage
	Err  error
}

// Error is that of the cause.
func (e *LeftError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *LeftError) Unwrap() error { return e.Err }

// leftOf returns what of the garbage is left after an error of Options.Discard: all of
// it, unless the error tells.
func leftOf(garbage Garbage, err error) Garbage {
	var left *LeftError
	switch {
	case err == nil:
		return Garbage{}
	case errors.As(err, &left):
		return left.Left
	}
	return garbage
}

// without returns the checkpoints that are not in the other.
func (g Garbage) without(other Garbage) []*completed.Checkpoint {
	return slices.DeleteFunc(slices.Clone(g.Checkpoints), func(cp *completed.Checkpoint) bool {
		return slices.Contains(other.Checkpoints, cp)
	})
}

// String tells how much it is.
func (g Garbage) String() string {
	return fmt.Sprintf("%d checkpoints and %d shared paths", len(g.Checkpoints), len(g.SharedState))
}

func (g Garbage) logLeft(ctx context.Context, log *slog.Logger) {
	for _, cp := range g.Checkpoints {
		log.WarnContext(ctx, "subsumed checkpoint left in place", "subsumed", cp.ID, "pointer", cp.ExternalPointer())
	}
	if n := len(g.SharedState); n > 0 {
		log.WarnContext(ctx, "unused shared state left in place", "paths", n)
	}
}

// takeGarbage takes out what is not needed after checkpoints were pushed out of
// the store. What is in doubt stays until it is not.
func (c *Coordinator) takeGarbage() Garbage {
	if c.unregistered {
		return Garbage{}
	}
	lowest := completed.Lowest(c.opts.Store.All())
	retained := slices.Concat(c.opts.Store.All(), c.unproven)
	unused := c.unregisterUnused(lowest, retained)
	garbage := Garbage{SharedState: unused.Deletions, Claimed: slices.Clone(c.claimed)}
	c.subsumed = slices.DeleteFunc(c.subsumed, func(cp *completed.Checkpoint) bool {
		if !cp.Owned || !cp.Properties.DiscardSubsumed || isAmong(retained, cp) {
			return true // it stays where it is, for good
		}
		if cp.ID >= lowest || unused.InUse[cp.ID] {
			return false
		}
		garbage.Checkpoints = append(garbage.Checkpoints, cp)
		return true
	})
	return garbage
}

// prove ends the doubt about a checkpoint, wherever it came from.
func (c *Coordinator) prove(cp *completed.Checkpoint) {
	c.unproven = slices.DeleteFunc(c.unproven, func(other *completed.Checkpoint) bool {
		return sharedstate.SamePath(other.ExternalPointer(), cp.ExternalPointer())
	})
}

// isAmong reports whether one of the checkpoints is at the place of cp: somebody
// restored it again.
func isAmong(checkpoints []*completed.Checkpoint, cp *completed.Checkpoint) bool {
	return slices.ContainsFunc(checkpoints, func(other *completed.Checkpoint) bool {
		return sharedstate.SamePath(other.ExternalPointer(), cp.ExternalPointer())
	})
}

// discard deletes garbage, if somebody is there to do it, and returns what is left. The
// lock is not held.
func (c *Coordinator) discard(ctx context.Context, garbage Garbage) (left Garbage, err error) {
	if garbage.Empty() {
		return Garbage{}, nil
	}
	left, err = c.carryOut(ctx, garbage)
	if err != nil {
		err = fmt.Errorf("discard %s: %w", garbage, err)
	}
	return left, err
}
