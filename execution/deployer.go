package execution

import (
	"context"
	"io"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/restore"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/task"
)

// Deployer starts attempts: as goroutines of this process, as processes, on other
// machines. It is what somebody implements who has tasks to run.
type Deployer interface {
	// Deploy starts an attempt and returns how it is reached. It hands over and
	// returns; what takes long, such as reading state, happens in the attempt. It is
	// called from one goroutine at a time, never twice for an attempt.
	//
	// From then on [Graph.UpdateTaskState] is told how far the attempt has come, in
	// order, and of its end exactly once, whatever became of it: who loses sight of a
	// machine says that what ran there has failed. The updates may begin before Deploy
	// returns. If Deploy fails, there is no attempt and there are no updates.
	//
	// An attempt is RUNNING when it has read its state, and not before: checkpoints
	// that are taken then may push out the one that it began with.
	Deploy(ctx context.Context, d Deployment) (Task, error)
}

// Task is an attempt that was started.
type Task interface {
	task.Gateway

	// Cancel asks the attempt to end and returns at once. The attempt may have ended
	// already. It is called at most once.
	Cancel()
}

// Deployment is what an attempt is started with (Flink: TaskDeploymentDescriptor).
// It must not be changed.
type Deployment struct {
	JobID   checkpoint.JobID
	Attempt task.ExecutionAttempt

	// Job is the whole graph, for who is connected with whom; Vertex is the index of
	// the attempt's vertex in it, whose parallelism and max parallelism hold.
	Job    *job.Job
	Vertex int

	// State is what the attempt starts from; nil if there is nothing to restore.
	State *InitialState

	// Graph is who deploys. Who runs attempts in this process needs no other way back:
	// UpdateTaskState tells it how far they are, and its Coordinator takes their
	// acknowledgements.
	Graph *Graph
}

// InitialState is what an attempt starts from, with the handles of each operator
// (Flink: JobManagerTaskRestore).
type InitialState struct {
	restore.TaskRestore
	from *coordinator.Restored
}

// Open opens the bytes of a handle, wherever they are. The caller closes the reader.
func (s *InitialState) Open(ctx context.Context, handle checkpoint.StreamStateHandle) (io.ReadCloser, error) {
	return s.from.Open(ctx, handle)
}

// Location is where the restored checkpoint is: [storage.OpenStateRange] reads a part
// of a handle there, [storage.DownloadState] makes a file of it. It is closed by the
// coordinator.
func (s *InitialState) Location() storage.CompletedCheckpointStorageLocation {
	return s.from.Location()
}
