package coordinator_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/plan"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/task"
)

var clusterJob = checkpoint.JobID{0xc1}

// cluster is a job that runs: tasks that answer each checkpoint with a file of state,
// on storage in memory, with a coordinator that takes the checkpoints.
type cluster struct {
	*coordinator.Coordinator
	t       *testing.T
	job     *job.Job
	access  *storage.CheckpointStorageAccess
	backend *mem.Backend
	tasks   [][]plan.Execution

	mu     sync.Mutex
	hears  []string // by tasks, in order
	failed []error  // reasons for which the job was to fail

	answer func(*clusterTask, task.Barrier)                // what a task does about a barrier
	write  func(*clusterTask, task.Barrier) *task.Snapshot // what a task writes
}

// connectedJob is the job of most tests, with the edge that lets barriers pass.
func connectedJob(t *testing.T) *job.Job {
	t.Helper()
	j, err := job.New(
		job.Vertex{Name: "source", Parallelism: 1, Operators: []job.Operator{{ID: sourceID, UID: "source"}}},
		job.Vertex{Name: "count", Parallelism: 2, Operators: []job.Operator{{ID: countID, UID: "count"}}, Inputs: []job.Input{{From: 0, Pattern: job.AllToAll}}},
	)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// newCluster starts a cluster. It is shut down at the end of the test, if it was not
// before.
func newCluster(t *testing.T, config checkpointing.Config, opts coordinator.Options) *cluster {
	t.Helper()
	c := &cluster{t: t, job: connectedJob(t)}
	st := c.openStorage()
	c.answer = func(ct *clusterTask, b task.Barrier) { ct.acknowledge(b) }
	c.write = (*clusterTask).writeState
	c.deploy(0)
	settings, err := config.Coordinator()
	if err != nil {
		t.Fatal(err)
	}
	opts.Checkpointing = &coordinator.Checkpointing{
		Job: clusterJob, Config: settings, Storage: c.access, Executions: c, FailJob: c.failJob,
	}
	if opts.Retain == 0 {
		opts.Retain = int(config.Retained)
	}
	if c.Coordinator, err = coordinator.New(c.job, st, &opts); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Shutdown(context.Background(), completed.Suspended); err != nil {
			t.Error(err)
		}
	})
	return c
}

func (c *cluster) openStorage() storage.CheckpointStorage {
	c.t.Helper()
	var host mem.Host
	c.backend = host.Store("jobs")
	var registry backend.Registry
	registry.Register(host.Open, "mem")
	st, err := storage.New(&registry, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = st.Close() })
	c.access, err = st.CreateCheckpointStorage(c.t.Context(), clusterJob, "mem://jobs/checkpoints",
		&storage.AccessOptions{InlineThreshold: -1, AllowVolatile: true, DefaultSavepointDirectory: "mem://jobs/savepoints"})
	if err != nil {
		c.t.Fatal(err)
	}
	return st
}

// deploy makes all subtasks run, in a new attempt.
func (c *cluster) deploy(attempt int32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tasks = nil
	for _, v := range c.job.Vertices() {
		subtasks := make([]plan.Execution, v.Parallelism)
		for i := range subtasks {
			id := task.ExecutionAttempt{Vertex: v.ID, Subtask: int32(i), Attempt: attempt}
			subtasks[i] = plan.Execution{Attempt: id, State: task.Running, Gateway: &clusterTask{c, id, v}}
		}
		c.tasks = append(c.tasks, subtasks)
	}
}

// Current makes the cluster a coordinator.Executions.
func (c *cluster) Current() [][]plan.Execution {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.tasks)
}

func (c *cluster) failJob(cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failed = append(c.failed, cause)
}

func (c *cluster) hear(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hears = append(c.hears, fmt.Sprintf(format, args...))
}

// heard returns what tasks have heard since it was called last.
func (c *cluster) heard() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	hears := c.hears
	c.hears = nil
	return hears
}

// files returns the keys of all objects in the storage.
func (c *cluster) files() []string {
	c.t.Helper()
	var keys []string
	for info, err := range c.backend.List(context.Background(), "") {
		if err != nil {
			c.t.Fatal(err)
		}
		keys = append(keys, info.Key)
	}
	return keys
}

// clusterTask is an attempt of a subtask. The barrier that it is sent it sends on to
// everybody else at once: the wires of this cluster are short.
type clusterTask struct {
	cluster *cluster
	attempt task.ExecutionAttempt
	vertex  *job.Vertex
}

func (ct *clusterTask) TriggerCheckpoint(_ context.Context, b task.Barrier) error {
	ct.cluster.hear("trigger %d at %s", b.CheckpointID, ct.vertex.Name)
	for _, subtasks := range ct.cluster.Current() {
		for _, e := range subtasks {
			go ct.cluster.answer(e.Gateway.(*clusterTask), b)
		}
	}
	return nil
}

func (ct *clusterTask) NotifyCheckpointComplete(_ context.Context, m task.Completed) error {
	ct.cluster.hear("complete %d at %s %d", m.CheckpointID, ct.vertex.Name, ct.attempt.Subtask)
	return nil
}

func (ct *clusterTask) NotifyCheckpointAborted(_ context.Context, m task.Aborted) error {
	ct.cluster.hear("aborted %d at %s %d", m.CheckpointID, ct.vertex.Name, ct.attempt.Subtask)
	return nil
}

// acknowledge writes the task's state and says so.
func (ct *clusterTask) acknowledge(b task.Barrier) bool {
	return ct.cluster.AcknowledgeCheckpoint(context.Background(), task.Acknowledgement{
		Job: clusterJob, Attempt: ct.attempt, CheckpointID: b.CheckpointID, State: ct.cluster.write(ct, b),
	})
}

func (ct *clusterTask) decline(b task.Barrier, cause error) {
	ct.cluster.DeclineCheckpoint(context.Background(), task.Decline{Job: clusterJob, Attempt: ct.attempt, CheckpointID: b.CheckpointID, Cause: cause})
}

// writeState writes a file of its own for the key groups of the subtask, and one that
// checkpoints share.
func (ct *clusterTask) writeState(b task.Barrier) *task.Snapshot {
	v := ct.vertex
	state := &checkpoint.OperatorSubtaskState{ManagedKeyedState: &checkpoint.IncrementalRemoteKeyedStateHandle{
		BackendID: "8a3ba19c-7a5a-4a5e-9b0e-2f8a0ad0a001",
		Range:     checkpoint.KeyGroupRangeForSubtask(ct.attempt.Subtask, v.MaxParallelism, v.Parallelism),
		MetaState: ct.file(b, storage.ExclusiveState),
		HandleID:  "handle",
		SharedState: []checkpoint.HandleAndLocalPath{
			{LocalPath: fmt.Sprintf("%06d.sst", b.CheckpointID), Handle: ct.file(b, storage.SharedState)},
		},
	}}
	return &task.Snapshot{Operators: map[checkpoint.OperatorID]*checkpoint.OperatorSubtaskState{v.Operators[0].ID: state}}
}

func (ct *clusterTask) file(b task.Barrier, scope storage.CheckpointedStateScope) checkpoint.StreamStateHandle {
	ctx := context.Background()
	streams, err := ct.cluster.access.ResolveCheckpointStorageLocation(ctx, b.CheckpointID, b.Options.Location)
	if err != nil {
		ct.cluster.t.Error(err)
		return nil
	}
	stream := streams.CreateCheckpointStateOutputStream(ctx, scope)
	defer stream.Close()
	_, err = fmt.Fprintf(stream, "%d of %s", b.CheckpointID, ct.attempt)
	if err != nil {
		ct.cluster.t.Error(err)
	}
	handle, err := stream.CloseAndGetHandle()
	if err != nil {
		ct.cluster.t.Error(err)
	}
	return handle
}
