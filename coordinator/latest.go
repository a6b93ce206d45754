package coordinator

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/restore"
)

// coordinatorsOnRestore says what becomes of operator coordinators (Flink:
// OperatorCoordinatorRestoreBehavior).
type coordinatorsOnRestore uint8

const (
	restoreCoordinators        coordinatorsOnRestore = iota // if there is a checkpoint
	restoreOrResetCoordinators                              // to the beginning if there is none
	skipCoordinators
)

// mode is what tells the ways into a restore apart.
type mode struct {
	name                  string // for the log
	coordinators          coordinatorsOnRestore
	errorIfNoCheckpoint   bool
	allowNonRestoredState bool
	checkFinished         bool // that what had finished may stay so in this job graph
}

// restoreLatestCheckpointedState restores the latest checkpoint of the store
// (Flink: restoreLatestCheckpointedStateInternal). The caller holds the lock.
// Without a checkpoint it returns nil, unless that is an error.
func (c *Coordinator) restoreLatestCheckpointedState(ctx context.Context, m mode) (*Restored, error) {
	if err := c.ends(); err != nil {
		return nil, err
	}
	start := c.opts.Clock.Now()
	c.abortForRestore()
	last := c.nextRegistry()
	if err := c.opts.Store.Recover(ctx); err != nil {
		return nil, fmt.Errorf("recover the completed checkpoint store: %w", err)
	}
	if err := c.registerRetained(); err != nil {
		return nil, err
	}
	c.cleanAbandoned(last)
	latest := completed.Latest(c.opts.Store.All(), c.opts.PreferCheckpointForRecovery)
	if latest == nil {
		return nil, c.nothingToRestore(ctx, m)
	}
	log := c.opts.Logger.With("checkpoint", latest.ID)
	log.InfoContext(ctx, "restoring checkpoint", "for", m.name, "pointer", latest.ExternalPointer(), "shared", c.registry.Len())
	c.forceFullSnapshot = latest.Properties.Unclaimed

	restored, err := c.assign(ctx, log, latest, m)
	if err != nil {
		return nil, err
	}
	if err := c.restoreMasterHooks(ctx, log, latest, m); err != nil {
		return nil, err
	}
	if m.coordinators != skipCoordinators {
		if err := c.restoreOperatorCoordinators(ctx, restored.Assignment); err != nil {
			return nil, err
		}
		log.DebugContext(ctx, "operator coordinators reset", "coordinators", len(c.coordinators))
	}
	c.prove(latest)
	c.reportRestored(ctx, log, latest, start)
	return restored, nil
}

// nothingToRestore is how a restore goes on without a checkpoint: from the
// beginning, or not at all.
func (c *Coordinator) nothingToRestore(ctx context.Context, m mode) error {
	if m.errorIfNoCheckpoint {
		return ErrNoCheckpoint
	}
	c.opts.Logger.InfoContext(ctx, "no checkpoint to restore", "for", m.name)
	c.forceFullSnapshot = false
	if err := c.hooks.Reset(ctx); err != nil {
		return err
	}
	if m.coordinators == restoreOrResetCoordinators {
		return c.resetOperatorCoordinators(ctx)
	}
	return nil
}

// assign decides which subtask gets what. So far nothing outside knows of the
// restore.
func (c *Coordinator) assign(ctx context.Context, log *slog.Logger, latest *completed.Checkpoint, m mode) (*Restored, error) {
	if m.checkFinished {
		if err := restore.CheckFinished(c.job, latest.Operators); err != nil {
			return nil, err
		}
	}
	assignment, err := restore.Assign(latest.ID, c.job, c.operatorsOf(latest), &restore.Options{
		AllowNonRestored:        m.allowNonRestoredState,
		RecoverOutputDownstream: c.opts.RecoverOutputDownstream,
	})
	if err != nil {
		return nil, err
	}
	next, err := c.opts.IDCounter.Get(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the checkpoint id counter: %w", err)
	}
	c.running = withMaxParallelism(c.job, assignment)
	log.DebugContext(ctx, "state assigned", "vertices", len(assignment.Vertices), "notRestored", len(assignment.NotRestored))
	return newRestored(latest, assignment, next), nil
}

// withMaxParallelism returns the job with the numbers of key groups that it has from
// here on.
func withMaxParallelism(j *job.Job, assignment *restore.Assignment) *job.Job {
	byVertex := make([]int32, len(assignment.Vertices))
	for i := range assignment.Vertices {
		byVertex[i] = assignment.Vertices[i].MaxParallelism
	}
	return j.WithMaxParallelism(byVertex)
}

func (c *Coordinator) restoreMasterHooks(ctx context.Context, log *slog.Logger, latest *completed.Checkpoint, m mode) error {
	hooks, err := c.hooks.Restore(ctx, latest.MasterStates, latest.ID, m.allowNonRestoredState)
	if err != nil {
		return err
	}
	log.DebugContext(ctx, "master hooks restored", "states", len(latest.MasterStates), "hooks", hooks.Hooks, "dropped", hooks.Dropped)
	return nil
}
