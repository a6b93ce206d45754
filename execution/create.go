package execution

import (
	"context"
	"errors"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/request"
	"github.com/cairnstate/cairn/job/jobgraph"
)

// CreateAndRestore makes the execution of a job, and restores it (Flink:
// createAndRestoreExecutionGraph): from its latest checkpoint, for then it was running
// before; else from the savepoint in its settings; else it begins anew. opts may be
// nil. Nothing runs yet: [Graph.Start] is what comes next.
//
// A job that cannot be restored is given up as suspended here: what is retained stays.
func CreateAndRestore(ctx context.Context, id checkpoint.JobID, from *jobgraph.Graph, deployer Deployer, c Checkpointing, opts *Options) (*Graph, error) {
	j, err := from.Job()
	if err != nil {
		return nil, err
	}
	g, err := New(id, j, deployer, opts)
	if err != nil {
		return nil, err
	}
	if err := g.EnableCheckpointing(from.Checkpointing, c); err != nil {
		return nil, err
	}
	if err := g.restoreInitial(ctx, from.Restore); err != nil {
		return nil, errors.Join(err, g.checkpoints.Shutdown(ctx, completed.Suspended))
	}
	return g, nil
}

func (g *Graph) restoreInitial(ctx context.Context, settings coordinator.SavepointRestoreSettings) error {
	restored, err := g.checkpoints.RestoreInitial(ctx, settings)
	if err != nil {
		return err
	}
	g.startFrom(restored, g.subtasks)
	return nil
}

// checkpoints is what a graph asks of its coordinator.
type checkpoints interface {
	RestoreInitial(context.Context, coordinator.SavepointRestoreSettings) (*coordinator.Restored, error)
	RestoreLatestToAll(context.Context) (*coordinator.Restored, error)
	RestoreLatestToSubtasks(context.Context, ...checkpoint.JobVertexID) (*coordinator.Restored, error)

	StartCheckpointScheduler() error
	StopCheckpointScheduler()
	StopWithSavepoint(target string, format checkpoint.SavepointFormat, drain bool) *request.Promise
	AbortPendingCheckpoints(cause *checkpoint.Failure)

	Shutdown(ctx context.Context, status completed.JobStatus) error
}
