package coordinator

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/storage"
)

// RestoreSavepoint restores the job from the savepoint or retained checkpoint at
// settings.Path (Flink: CheckpointCoordinator.restoreSavepoint).
//
// Among the errors are those of the storage ([storage.ErrNotFound]), of the
// metadata ([metadata.ErrCorrupt]), a no of package restore ([restore.Refusal]),
// [ErrNoPath], [ErrShutDown], and whatever hooks and coordinators return.
func (c *Coordinator) RestoreSavepoint(ctx context.Context, settings SavepointRestoreSettings) (*Restored, error) {
	restored, err := c.restoreSavepoint(ctx, settings)
	if err != nil {
		c.noticeFence(err)
		c.opts.Logger.ErrorContext(ctx, "savepoint not restored", "error", err)
		return nil, fmt.Errorf("coordinator: restore savepoint: %w", err)
	}
	c.discardAfter(ctx, restored)
	return restored, nil
}

// discardAfter deletes what a restore gave up. That fails no restore: it is tried again.
func (c *Coordinator) discardAfter(ctx context.Context, restored *Restored) {
	left, err := c.discard(ctx, restored.Garbage)
	if err != nil {
		c.opts.Logger.WarnContext(ctx, "garbage not discarded", "error", err)
	}
	if left.Empty() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.notDeleted(left)
}

// restoreSavepoint is the sequence: resolve, load and validate, add to the store,
// set the counter, restore the latest.
func (c *Coordinator) restoreSavepoint(ctx context.Context, settings SavepointRestoreSettings) (*Restored, error) {
	if settings.Path == "" {
		return nil, ErrNoPath
	}
	c.opts.Logger.InfoContext(ctx, "restoring from a savepoint",
		"claimMode", settings.ClaimMode, "allowNonRestoredState", settings.AllowNonRestoredState)

	location, err := c.storage.ResolveCheckpoint(ctx, settings.Path)
	if err != nil {
		return nil, err
	}
	savepoint, err := c.loadAndValidate(ctx, location, settings)
	if err != nil {
		return nil, closeAfter(err, location)
	}

	c.ledger.Lock()
	defer c.ledger.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.accept(ctx, location); err != nil {
		return nil, err
	}
	garbage, err := c.addToStore(ctx, savepoint.Checkpoint)
	if err != nil {
		return nil, err
	}
	if err := c.resetIDCounter(ctx, savepoint.ID); err != nil {
		return nil, err
	}
	restored, err := c.restoreLatestCheckpointedState(ctx, mode{
		name:                  "savepoint",
		coordinators:          restoreCoordinators,
		errorIfNoCheckpoint:   true,
		allowNonRestoredState: settings.AllowNonRestoredState,
		checkFinished:         true,
	})
	if err != nil {
		garbage.logLeft(ctx, c.opts.Logger)
		return nil, err
	}
	restored.Garbage = garbage
	if restored.CheckpointID == savepoint.ID {
		restored.NotRestored = slices.Concat(savepoint.dropped, restored.NotRestored)
	}
	return restored, nil
}

// accept takes the location into the coordinator's keeping, which goes on until
// it is shut down; or else closes it.
func (c *Coordinator) accept(ctx context.Context, location storage.CompletedCheckpointStorageLocation) error {
	if err := c.ends(); err != nil {
		return closeAfter(err, location)
	}
	if err := ctx.Err(); err != nil {
		return closeAfter(err, location) // the lock may have taken long
	}
	c.locations = append(c.locations, location)
	return nil
}

// addToStore adds a checkpoint to the store, and returns what is not needed any
// more. Its shared state is registered first, lest it be taken for unused when
// what it shares it with is pushed out.
//
// Until a restore from it succeeds, the checkpoint is unproven.
func (c *Coordinator) addToStore(ctx context.Context, cp *completed.Checkpoint) (Garbage, error) {
	c.prove(cp) // what counts is this try, not one before that failed
	if err := c.register(cp); err != nil {
		return Garbage{}, err
	}
	subsumed, err := c.opts.Store.Add(ctx, cp)
	if errors.Is(err, completed.ErrInDoubt) {
		c.unproven = append(c.unproven, cp) // the store may have it
	}
	if err != nil {
		return Garbage{}, fmt.Errorf("add checkpoint %d to the completed checkpoint store: %w", cp.ID, err)
	}
	c.opts.Logger.InfoContext(ctx, "checkpoint added to the completed checkpoint store", "checkpoint", cp.ID, "subsumed", len(subsumed))
	c.subsumed = append(c.subsumed, subsumed...)
	garbage := c.takeGarbage()
	c.unproven = append(c.unproven, cp)
	return garbage, nil
}

// resetIDCounter lets the job's own checkpoints follow the restored one, even if
// that moves the counter back. But an id that was taken here is not taken again: its
// directory may be about to be deleted.
func (c *Coordinator) resetIDCounter(ctx context.Context, restored int64) error {
	next := max(restored, c.lastID) + 1
	if err := c.opts.IDCounter.SetCount(ctx, next); err != nil {
		return fmt.Errorf("set the checkpoint id counter to %d: %w", next, err)
	}
	c.opts.Logger.InfoContext(ctx, "checkpoint id counter set", "checkpoint", restored, "next", next)
	return nil
}
