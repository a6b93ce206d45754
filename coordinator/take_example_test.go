package coordinator_test

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"os"

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

// A job of one task takes a checkpoint. The task counts; on a barrier it writes down
// how far it is, and says so.
func ExampleCoordinator_TriggerCheckpoint() {
	ctx := context.Background()
	counter := checkpoint.OperatorIDFromUID("counter")
	j, err := job.New(job.Vertex{Name: "counter", Parallelism: 1, Operators: []job.Operator{{ID: counter, UID: "counter"}}})
	if err != nil {
		log.Fatal(err)
	}
	checkpoints, access := inMemory(ctx)
	defer checkpoints.Close()
	config := checkpointing.Default()
	settings, err := config.Coordinator()
	if err != nil {
		log.Fatal(err)
	}

	subtask := &counting{access: access, operator: counter, attempt: task.ExecutionAttempt{Vertex: j.Vertex(0).ID}, count: 41}
	c, err := coordinator.New(j, checkpoints, &coordinator.Options{
		Checkpointing: &coordinator.Checkpointing{Job: demoJob, Config: settings, Storage: access, Executions: subtask},
		Logger:        slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: withoutTimes})),
	})
	if err != nil {
		log.Fatal(err)
	}
	subtask.answer = c

	done, err := c.TriggerCheckpoint(coordinator.Configured).Wait(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("the job can go back to", done.ExternalPointer())
	if err := c.Shutdown(ctx, completed.Suspended); err != nil {
		log.Fatal(err)
	}
	// Output:
	// level=INFO msg="checkpoint triggered" checkpoint=1 type=Checkpoint periodic=false tasks=1 finishedTasks=0
	// level=INFO msg="checkpoint completed" checkpoint=1 type=Checkpoint pointer=mem://demo/checkpoints/3c7c0a4b5d6e7f8091a2b3c4d5e6f708/chk-1 stateBytes=2 subsumed=0
	// the job can go back to mem://demo/checkpoints/3c7c0a4b5d6e7f8091a2b3c4d5e6f708/chk-1
	// level=INFO msg="shutting down" status=SUSPENDED
}

// counting is a task, and all that runs.
type counting struct {
	access   *storage.CheckpointStorageAccess
	operator checkpoint.OperatorID
	attempt  task.ExecutionAttempt
	answer   task.Responder
	count    int
}

// Current makes it the executions of its job.
func (s *counting) Current() [][]plan.Execution {
	return [][]plan.Execution{{{Attempt: s.attempt, State: task.Running, Gateway: s}}}
}

// TriggerCheckpoint is a barrier. A task with records to process would put it between
// them, and return.
func (s *counting) TriggerCheckpoint(ctx context.Context, barrier task.Barrier) error {
	handle, err := s.write(ctx, barrier)
	if err != nil {
		s.answer.DeclineCheckpoint(ctx, task.Decline{Job: demoJob, Attempt: s.attempt, CheckpointID: barrier.CheckpointID, Cause: err})
		return nil
	}
	state := &checkpoint.OperatorSubtaskState{ManagedKeyedState: &checkpoint.KeyGroupsStateHandle{
		Range: checkpoint.KeyGroups(0, 127), Offsets: make([]int64, 128), Delegate: handle,
	}}
	s.answer.AcknowledgeCheckpoint(ctx, task.Acknowledgement{
		Job: demoJob, Attempt: s.attempt, CheckpointID: barrier.CheckpointID,
		State: &task.Snapshot{Operators: map[checkpoint.OperatorID]*checkpoint.OperatorSubtaskState{s.operator: state}},
	})
	return nil
}

func (s *counting) write(ctx context.Context, barrier task.Barrier) (checkpoint.StreamStateHandle, error) {
	streams, err := s.access.ResolveCheckpointStorageLocation(ctx, barrier.CheckpointID, barrier.Options.Location)
	if err != nil {
		return nil, err
	}
	stream := streams.CreateCheckpointStateOutputStream(ctx, storage.ExclusiveState)
	defer stream.Close()
	if _, err := fmt.Fprint(stream, s.count); err != nil {
		return nil, err
	}
	return stream.CloseAndGetHandle()
}

func (s *counting) NotifyCheckpointComplete(context.Context, task.Completed) error { return nil }
func (s *counting) NotifyCheckpointAborted(context.Context, task.Aborted) error    { return nil }

var demoJob = func() checkpoint.JobID {
	id, _ := checkpoint.ParseJobID("3c7c0a4b5d6e7f8091a2b3c4d5e6f708")
	return id
}()

func inMemory(ctx context.Context) (*storage.BackendStorage, *storage.CheckpointStorageAccess) {
	var host mem.Host
	var registry backend.Registry
	registry.Register(host.Open, "mem")
	checkpoints, err := storage.New(&registry, nil)
	if err != nil {
		log.Fatal(err)
	}
	access, err := checkpoints.CreateCheckpointStorage(ctx, demoJob, "mem://demo/checkpoints", &storage.AccessOptions{AllowVolatile: true})
	if err != nil {
		log.Fatal(err)
	}
	return checkpoints, access
}

// withoutTimes leaves out what is different each time.
func withoutTimes(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey || a.Key == "duration" {
		return slog.Attr{}
	}
	return a
}
