package coordinator_test

import (
	"context"
	"fmt"
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

// BenchmarkCheckpoint is what a checkpoint takes beside the work of its tasks, which
// here have their state ready: from the request to the promise, through storage in
// memory. It grows with the number of tasks, and no faster.
func BenchmarkCheckpoint(b *testing.B) {
	for _, tasks := range []int{10, 100, 1000, 10000} {
		b.Run(fmt.Sprintf("tasks=%d", tasks), func(b *testing.B) {
			c := newCrowd(b, tasks)
			for b.Loop() {
				if _, err := c.Coordinator.TriggerCheckpoint(coordinator.Configured).Wait(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// crowd is a source and many subtasks, all of which answer at once.
type crowd struct {
	*coordinator.Coordinator
	executions [][]plan.Execution
	states     []*task.Snapshot // by subtask
}

func newCrowd(b testing.TB, tasks int) *crowd {
	b.Helper()
	c := &crowd{}
	p := int32(tasks)
	j, err := job.New(
		job.Vertex{Name: "source", Parallelism: 1, Operators: []job.Operator{{ID: sourceID}}},
		job.Vertex{Name: "count", Parallelism: p, MaxParallelism: max(2*p, 128), Operators: []job.Operator{{ID: countID}}, Inputs: []job.Input{{From: 0}}},
	)
	if err != nil {
		b.Fatal(err)
	}
	for _, v := range j.Vertices() {
		c.deploy(v)
	}
	config, err := func() (checkpointing.CoordinatorConfiguration, error) {
		d := checkpointing.Default()
		return d.Coordinator()
	}()
	if err != nil {
		b.Fatal(err)
	}
	st, access := benchStorage(b)
	c.Coordinator, err = coordinator.New(j, st, &coordinator.Options{
		Checkpointing: &coordinator.Checkpointing{Job: clusterJob, Config: config, Storage: access, Executions: c},
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = c.Shutdown(context.Background(), completed.Finished) })
	return c
}

func benchStorage(b testing.TB) (*storage.BackendStorage, *storage.CheckpointStorageAccess) {
	b.Helper()
	var host mem.Host
	var registry backend.Registry
	registry.Register(host.Open, "mem")
	st, err := storage.New(&registry, nil)
	if err != nil {
		b.Fatal(err)
	}
	access, err := st.CreateCheckpointStorage(b.Context(), clusterJob, "mem://jobs/checkpoints", &storage.AccessOptions{AllowVolatile: true})
	if err != nil {
		b.Fatal(err)
	}
	return st, access
}

func (c *crowd) deploy(v *job.Vertex) {
	subtasks := make([]plan.Execution, v.Parallelism)
	for i := range subtasks {
		subtask := int32(i)
		id := task.ExecutionAttempt{Vertex: v.ID, Subtask: subtask}
		subtasks[i] = plan.Execution{Attempt: id, State: task.Running, Gateway: c}
		c.states = append(c.states, &task.Snapshot{Operators: map[checkpoint.OperatorID]*checkpoint.OperatorSubtaskState{
			v.Operators[0].ID: {ManagedKeyedState: &checkpoint.KeyGroupsStateHandle{
				Range:    checkpoint.KeyGroupRangeForSubtask(subtask, v.MaxParallelism, v.Parallelism),
				Offsets:  make([]int64, checkpoint.KeyGroupRangeForSubtask(subtask, v.MaxParallelism, v.Parallelism).Count),
				Delegate: &checkpoint.RelativeFileStateHandle{RelativePath: fmt.Sprintf("8a3ba19c-7a5a-4a5e-9b0e-2f8a0ad%05d", i), Size: 1 << 20},
			}},
		}})
	}
	c.executions = append(c.executions, subtasks)
}

// Current makes the crowd a coordinator.Executions.
func (c *crowd) Current() [][]plan.Execution { return c.executions }

// TriggerCheckpoint has everybody answer.
func (c *crowd) TriggerCheckpoint(ctx context.Context, barrier task.Barrier) error {
	i := 0
	for _, subtasks := range c.executions {
		for _, e := range subtasks {
			c.AcknowledgeCheckpoint(ctx, task.Acknowledgement{Job: clusterJob, Attempt: e.Attempt, CheckpointID: barrier.CheckpointID, State: c.states[i]})
			i++
		}
	}
	return nil
}

func (c *crowd) NotifyCheckpointComplete(context.Context, task.Completed) error { return nil }
func (c *crowd) NotifyCheckpointAborted(context.Context, task.Aborted) error    { return nil }
