package local

import (
	"context"
	"errors"

	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/durable"
	"github.com/cairnstate/cairn/coordinator/sweep"
	"github.com/cairnstate/cairn/execution"
	"github.com/cairnstate/cairn/job/checkpointing"
)

// ErrFinished says that the job has finished in a process that died while it cleared its
// checkpoints away. All its output is out; to start it again is to begin anew.
var ErrFinished = errors.New("the job had finished already; its last process died before it could say so")

// remember has the coordinator keep what it must not forget beside the checkpoints. It
// takes the job over, and returns the epoch that begins with that. Of a job that had
// finished it clears the rest away.
func remember(ctx context.Context, c *execution.Checkpointing, settings *checkpointing.Config) (epoch int64, err error) {
	store, err := durable.Open(ctx, c.Access, &durable.Options{
		Retain: settings.RetainedCheckpoints(c.Options.Logger), Clock: c.Options.Clock, Logger: c.Options.Logger})
	if err != nil {
		return 0, err
	}
	c.Options.Store, c.Options.IDCounter = store, store.IDCounter()
	if store.Result() == completed.Finished {
		return 0, errors.Join(ErrFinished, conclude(ctx, c, store))
	}
	return store.Epoch(), nil
}

func conclude(ctx context.Context, c *execution.Checkpointing, store *durable.Store) error {
	sweepBefore(ctx, c)
	if _, _, err := store.Shutdown(ctx, completed.Finished); err != nil {
		return err
	}
	return store.Conclude(ctx)
}

// sweepBefore clears away, before the first barrier, what earlier coordinators of the job have
// left. The job runs without that, too.
func sweepBefore(ctx context.Context, c *execution.Checkpointing) {
	journal, ok := c.Options.Store.(completed.Journal)
	if !ok {
		return
	}
	if err := sweep.Sweep(ctx, c.Access, journal, c.Options.Logger, c.Options.Metadata); err != nil && c.Options.Logger != nil {
		c.Options.Logger.WarnContext(ctx, "not all is swept", "error", err)
	}
}
