package coordinator

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/sharedstate"
	"github.com/cairnstate/cairn/storage"
)

// Shutdown ends the coordinator with its job, and waits for a restore that is
// under way. What the properties of the retained checkpoints give up at this end
// is discarded; the rest stays for the user. Readers that are open should be
// closed first. It does all it can, and returns what failed. A second call does
// nothing.
func (c *Coordinator) Shutdown(ctx context.Context, status completed.JobStatus) error {
	garbage, locations, err := c.shutdown(ctx, status)
	c.discard(ctx, garbage)
	for _, location := range locations {
		err = errors.Join(err, location.Close())
	}
	if err != nil {
		return fmt.Errorf("coordinator: shut down: %w", err)
	}
	return nil
}

func (c *Coordinator) shutdown(ctx context.Context, status completed.JobStatus) (Garbage, []storage.CompletedCheckpointStorageLocation, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.shutDown {
		return Garbage{}, nil, nil
	}
	c.shutDown = true
	c.opts.Logger.InfoContext(ctx, "shutting down", "status", status)
	err := c.hooks.Close()
	discard, retain, storeErr := c.opts.Store.Shutdown(ctx, status)
	err = errors.Join(err, storeErr, c.opts.IDCounter.Shutdown(ctx, status))
	var garbage Garbage
	if storeErr == nil { // else nobody knows what is retained
		garbage = c.lastGarbage(status, discard, retain)
	}
	c.registry.Close()
	locations := c.locations
	c.locations = nil
	return garbage, locations, err
}

// lastGarbage is what the end of the job leaves to be deleted. Shared state goes
// only if the job will not run again anywhere, and below what is retained.
func (c *Coordinator) lastGarbage(status completed.JobStatus, discard, retain []*completed.Checkpoint) Garbage {
	discardHeld, retainHeld := completed.ToDiscard(c.subsumed, status)
	discard, retain = slices.Concat(discardHeld, discard), slices.Concat(retainHeld, retain)
	retain = append(retain, c.unproven...)
	c.subsumed = nil
	var unused sharedstate.Unused
	if status.GloballyTerminal() {
		unused = c.unregisterUnused(lowestOwned(retain), retain)
	}
	garbage := Garbage{SharedState: unused.Deletions}
	for _, cp := range discard {
		if cp.Owned && !unused.InUse[cp.ID] && !isAmong(retain, cp) {
			garbage.Checkpoints = append(garbage.Checkpoints, cp)
		}
	}
	return garbage
}

// lowestOwned leaves out what the user owns, whose files are disowned anyway:
// else a savepoint would keep all shared state of the job that went on from it.
func lowestOwned(retained []*completed.Checkpoint) int64 {
	lowest := int64(math.MaxInt64)
	for _, cp := range retained {
		if cp.Owned {
			lowest = min(lowest, cp.ID)
		}
	}
	return lowest
}
