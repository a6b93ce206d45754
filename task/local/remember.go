package local

import (
	"context"
	"fmt"

	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/durable"
	"github.com/cairnstate/cairn/coordinator/sweep"
	"github.com/cairnstate/cairn/execution"
	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/storage"
)

// remember has the coordinator keep what it must not forget beside the checkpoints. It
// takes the job over, and returns the epoch that begins with that.
func remember(ctx context.Context, c *execution.Checkpointing, settings *checkpointing.Config) (epoch int64, err error) {
	store, err := durable.Open(ctx, c.Access, &durable.Options{
		Retain: settings.RetainedCheckpoints(c.Options.Logger), Clock: c.Options.Clock, Logger: c.Options.Logger})
	if err != nil {
		return 0, err
	}
	c.Options.Store, c.Options.IDCounter = store, store.IDCounter()
	return store.Epoch(), nil
}

// sweep looks, before the first barrier, for what earlier coordinators of the job have
// left, and has it cleared away beside the job. The job runs without that, too.
func (j *Job) sweep(ctx context.Context, store completed.Store, access *storage.CheckpointStorageAccess, opts *Options) error {
	journal, ok := store.(completed.Journal)
	if !ok {
		return nil
	}
	facts, err := sweep.Look(ctx, access, journal, opts.Coordinator.Metadata)
	if err != nil {
		return fmt.Errorf("local: %w", err)
	}
	plan, err := sweep.Decide(facts)
	if err != nil {
		j.runtime.opts.Logger.WarnContext(ctx, "nothing is swept", "error", err)
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	j.runtime.running.Go(func() {
		if err := plan.Carry(ctx, access, journal.Ended); err != nil {
			j.runtime.opts.Logger.WarnContext(ctx, "not all is swept", "error", err)
		}
	})
	return nil
}
