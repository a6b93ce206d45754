package coordinator

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/storage"
)

// Shutdown ends the coordinator with its job. Checkpoints that are under way are
// given up ([checkpoint.CoordinatorShutdown]); a restore, and a checkpoint whose
// metadata is being published, are waited for. What the properties of the retained
// checkpoints give up at this end is discarded; the rest stays for the user. Readers
// that are open should be closed first, and tasks should have stopped: what they
// write later nobody deletes before the next start.
//
// It does all it can, and returns what failed. When the context ends, so does that of
// all that is being asked of the store; then the rest is left to the next start. When it
// returns, nothing that it started runs any more. A second call does nothing. It must not be called by a
// goroutine of the coordinator: not from a gateway, a hook, or FailJob.
func (c *Coordinator) Shutdown(ctx context.Context, status completed.JobStatus) error {
	if !c.beginShutdown(ctx, status) {
		return nil
	}
	defer context.AfterFunc(ctx, func() { c.stop(); c.cleaner.Stop(context.Cause(ctx)) })()
	garbage, locations, err := c.shutdown(ctx, status)
	_, discardErr := c.discard(ctx, garbage)
	err = errors.Join(err, discardErr, c.finishCleaning(ctx), c.conclude(ctx))
	c.stop()
	if c.goroutines != nil {
		c.goroutines.Wait()
	}
	for _, location := range locations {
		err = errors.Join(err, location.Close())
	}
	if err != nil {
		return fmt.Errorf("coordinator: shut down: %w", err)
	}
	return nil
}

// beginShutdown gives up what is under way, and lets nothing begin.
func (c *Coordinator) beginShutdown(ctx context.Context, status completed.JobStatus) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.shutDown {
		return false
	}
	c.opts.Logger.InfoContext(ctx, "shutting down", "status", status)
	if c.opts.Checkpointing != nil {
		c.underway.scheduler.running = false
		c.disarm()
		c.abortAll(&checkpoint.Failure{Reason: checkpoint.CoordinatorShutdown})
	}
	c.shutDown = true
	return true
}

// finishCleaning deletes what is known to be left, and waits for that.
func (c *Coordinator) finishCleaning(ctx context.Context) error {
	c.mu.Lock()
	c.settleDoubts()
	c.disposeAgain()
	c.cleanRest()
	c.mu.Unlock()
	return c.cleaner.Wait(ctx)
}

// conclude lets a durable store forget the job, if nothing is left of it.
func (c *Coordinator) conclude(ctx context.Context) error {
	journal, ok := c.opts.Store.(completed.Journal)
	if !ok || c.isFenced() {
		return nil
	}
	c.ledger.Lock()
	defer c.ledger.Unlock()
	return journal.Conclude(ctx)
}

func (c *Coordinator) isFenced() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.fenced != nil
}

func (c *Coordinator) shutdown(ctx context.Context, status completed.JobStatus) (Garbage, []storage.CompletedCheckpointStorageLocation, error) {
	c.ledger.Lock()
	defer c.ledger.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	err := c.hooks.Close()
	discard, retain, storeErr := c.opts.Store.Shutdown(ctx, status)
	c.fence(storeErr)
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
	if c.unregistered {
		c.opts.Logger.Warn("nothing is deleted at the end: the last restore failed, and nobody knows what is in use", "checkpoints", len(discard))
		return Garbage{}
	}
	unused := c.unregisterUnused(lowestOwned(retain), retain)
	if !status.GloballyTerminal() {
		unused.Deletions = nil // whoever goes on elsewhere finds them in what is retained
	}
	garbage := Garbage{SharedState: unused.Deletions, Claimed: slices.Clone(c.claimed)}
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
