package coordinator

import (
	"context"
	"fmt"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/restore"
)

// RestoreInitial restores a job that starts: from its latest checkpoint if there
// is one, for then it is the coordinator that failed; else from the savepoint in
// the settings, if they name one (Flink: createAndRestoreExecutionGraph). It
// returns nil if there is nothing to restore, and the job starts afresh.
func (c *Coordinator) RestoreInitial(ctx context.Context, settings SavepointRestoreSettings) (*Restored, error) {
	restored, err := c.restoreLatest(ctx, mode{
		name:          "start of the job",
		coordinators:  restoreCoordinators,
		checkFinished: true,
	})
	if err != nil || restored != nil || settings.Path == "" {
		return restored, err
	}
	return c.RestoreSavepoint(ctx, settings)
}

// RestoreLatestToAll restores the latest checkpoint after the whole job failed.
// Without one the job goes back to the beginning: hooks and coordinators are
// reset, and it returns nil. State that no operator takes is no obstacle: it was
// none when the job began.
func (c *Coordinator) RestoreLatestToAll(ctx context.Context) (*Restored, error) {
	return c.restoreLatest(ctx, mode{
		name:                  "failover of the job",
		coordinators:          restoreOrResetCoordinators,
		allowNonRestoredState: true,
	})
}

// RestoreLatestToSubtasks restores the latest checkpoint after subtasks of some
// vertices failed: the assignment has these vertices only. Operator coordinators
// are left alone, master hooks are not. Without a checkpoint it returns nil.
func (c *Coordinator) RestoreLatestToSubtasks(ctx context.Context, vertices ...checkpoint.JobVertexID) (*Restored, error) {
	for _, id := range vertices {
		if !c.hasVertex(id) {
			return nil, fmt.Errorf("coordinator: restore latest checkpoint: the job has no vertex %s", id)
		}
	}
	restored, err := c.restoreLatest(ctx, mode{
		name:                  "failover of a region",
		coordinators:          skipCoordinators,
		allowNonRestoredState: true,
	})
	if restored != nil {
		restored.Assignment.Vertices = slices.DeleteFunc(restored.Assignment.Vertices, func(v restore.VertexAssignment) bool {
			return !slices.Contains(vertices, v.Vertex.ID)
		})
	}
	return restored, err
}

func (c *Coordinator) restoreLatest(ctx context.Context, m mode) (*Restored, error) {
	c.ledger.Lock()
	defer c.ledger.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	restored, err := c.restoreLatestCheckpointedState(ctx, m)
	if err != nil {
		c.fence(err)
		c.opts.Logger.ErrorContext(ctx, "checkpoint not restored", "for", m.name, "error", err)
		return nil, fmt.Errorf("coordinator: restore latest checkpoint: %w", err)
	}
	return restored, nil
}

func (c *Coordinator) hasVertex(id checkpoint.JobVertexID) bool {
	for _, v := range c.job.Vertices() {
		if v.ID == id {
			return true
		}
	}
	return false
}
