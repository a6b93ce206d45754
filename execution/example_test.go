package execution_test

import (
	"context"
	"fmt"
	"log"
	"sync"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/execution"
	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/job/jobgraph"
	"github.com/cairnstate/cairn/job/stream"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/task"
)

// A job of two subtasks is stopped with a savepoint, and goes on from there with three.
func Example() {
	var registry backend.Registry
	registry.Register(new(mem.Host).Open, "mem")
	disk, err := storage.New(&registry, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer disk.Close()

	first := start(disk, 2, "")
	savepoint, err := first.StopWithSavepoint("", checkpoint.Canonical, false).Wait(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(first.Wait(context.Background()))

	second := start(disk, 3, savepoint.ExternalPointer())
	second.Cancel()
	fmt.Println(second.Wait(context.Background()))
	// Output:
	// subtask 0 of 2 begins anew
	// subtask 1 of 2 begins anew
	// FINISHED <nil>
	// subtask 0 of 3 reads 1 of the savepoint's parts, for key groups [0, 42]
	// subtask 1 of 3 reads 2 of the savepoint's parts, for key groups [43, 85]
	// subtask 2 of 3 reads 1 of the savepoint's parts, for key groups [86, 127]
	// CANCELED <nil>
}

func start(disk *storage.BackendStorage, parallelism int32, savepoint string) *execution.Graph {
	ctx, id := context.Background(), checkpoint.JobID{1}
	env, err := stream.NewEnvironment(nil)
	if err != nil {
		log.Fatal(err)
	}
	env.Parallelism = parallelism
	env.Source("numbers", nil).Transform("count", &stream.Options{UID: "count"}) // which share a task
	env.Checkpointing.Restore = checkpointing.SavepointRestoreSettings{Path: savepoint}
	streamGraph, err := env.Graph()
	if err != nil {
		log.Fatal(err)
	}
	jobGraph, err := jobgraph.New(streamGraph)
	if err != nil {
		log.Fatal(err)
	}
	access, err := disk.CreateCheckpointStorage(ctx, id, "mem://demo/checkpoints",
		&storage.AccessOptions{DefaultSavepointDirectory: "mem://demo/savepoints", AllowVolatile: true})
	if err != nil {
		log.Fatal(err)
	}
	var running sync.WaitGroup
	running.Add(int(parallelism))
	graph, err := execution.CreateAndRestore(ctx, id, jobGraph, workers{&running}, execution.Checkpointing{Storage: disk, Access: access}, nil)
	if err != nil {
		log.Fatal(err)
	}
	if err := graph.Start(ctx); err != nil {
		log.Fatal(err)
	}
	running.Wait()
	return graph
}

// workers start attempts in the simplest way: as something that answers.
type workers struct{ running *sync.WaitGroup }

func (w workers) Deploy(_ context.Context, d execution.Deployment) (execution.Task, error) {
	parallelism := d.Job.Vertex(d.Vertex).Parallelism
	if d.State == nil {
		fmt.Printf("subtask %d of %d begins anew\n", d.Attempt.Subtask, parallelism)
	} else {
		fmt.Printf("subtask %d of %d reads %d of the savepoint's parts, for key groups %s\n",
			d.Attempt.Subtask, parallelism, len(d.State.Operators[1].ManagedKeyedState), d.State.KeyGroups)
	}
	d.Graph.UpdateTaskState(d.Attempt, task.Running, nil)
	w.running.Done()
	return worker{d}, nil
}

type worker struct{ execution.Deployment }

// TriggerCheckpoint has no stream to send the barrier down, and answers at once.
func (w worker) TriggerCheckpoint(ctx context.Context, b task.Barrier) error {
	v := w.Job.Vertex(w.Vertex)
	own := checkpoint.KeyGroupRangeForSubtask(w.Attempt.Subtask, v.MaxParallelism, v.Parallelism)
	state := &checkpoint.OperatorSubtaskState{ManagedKeyedState: &checkpoint.KeyGroupsStateHandle{
		Range: own, Offsets: make([]int64, own.Count), HandleID: "counts",
		Delegate: &checkpoint.ByteStreamStateHandle{HandleName: "counts", Data: []byte("1, 2, 3")},
	}}
	w.Graph.Coordinator().AcknowledgeCheckpoint(ctx, task.Acknowledgement{
		Job: w.JobID, Attempt: w.Attempt, CheckpointID: b.CheckpointID,
		State: &task.Snapshot{Operators: map[checkpoint.OperatorID]*checkpoint.OperatorSubtaskState{v.Operators[1].ID: state}},
	})
	return nil
}

// NotifyCheckpointComplete is how the subtask hears that it may finish.
func (w worker) NotifyCheckpointComplete(context.Context, task.Completed) error {
	w.Graph.UpdateTaskState(w.Attempt, task.Finished, nil)
	return nil
}

func (worker) NotifyCheckpointAborted(context.Context, task.Aborted) error { return nil }

func (w worker) Cancel() { w.Graph.UpdateTaskState(w.Attempt, task.Canceled, nil) }
