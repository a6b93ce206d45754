package flink

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"maps"
	"slices"
	"sync"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/plan"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/task"
)

// Program says what is run, and how.
type Program struct {
	Job    string // one of integration/flink/src: "features"
	Change string // of the parallelism of each operator: "same", "half", "double" or "odd"
	ID     checkpoint.JobID

	Configuration map[string]string // of Flink
}

// Job is a job that runs.
type Job struct {
	ID   checkpoint.JobID
	Job  *job.Job
	jvm  *JVM
	mine task.ExecutionGraphID

	coordinators []*OperatorCoordinator
	events       chan event

	mu      sync.Mutex
	states  [][]task.State    // by vertex and subtask
	closing map[subtask]int64 // those that had nothing left to do, by the checkpoint at which they said so
	closed  map[subtask]bool  // those of them that may go, for that checkpoint is complete
}

type subtask struct{ Vertex, Index int }

var _ coordinator.Executions = (*Job)(nil)

// enough events wait while the one before them is looked at: all that a checkpoint
// of the largest of jobs brings.
const enough = 10_000

// Run starts a job, restores it if its configuration says so, and waits until all
// its tasks run.
func (v *JVM) Run(ctx context.Context, p Program) (*Job, error) {
	j := &Job{ID: p.ID, jvm: v, events: make(chan event, enough), closing: map[subtask]int64{}, closed: map[subtask]bool{}}
	_, _ = rand.Read(j.mine[:])
	v.mu.Lock()
	v.job = j
	v.mu.Unlock()
	var started struct {
		Job          json.RawMessage
		Vertices     []checkpoint.JobVertexID
		Coordinators []checkpoint.OperatorID
	}
	err := v.call(ctx, "start", object{"job": p.Job, "change": p.Change, "id": p.ID, "configuration": p.Configuration}, &started)
	if err != nil {
		return nil, err
	}
	for _, operator := range started.Coordinators {
		j.coordinators = append(j.coordinators, &OperatorCoordinator{Operator: operator, jvm: v, saved: map[int64][]byte{}})
	}
	if j.Job, err = describe(started.Job, started.Vertices); err != nil {
		return nil, err
	}
	return j, j.Look(ctx)
}

// Look asks in which states the tasks are. Current tells what it found. Those that had
// nothing left to do at a checkpoint that is Confirmed are about to finish; it waits
// for that.
func (j *Job) Look(ctx context.Context) error {
	var states [][]task.State
	err := j.jvm.call(ctx, "states", object{"finished": j.finished()}, &states)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.states = states
	return err
}

func (j *Job) finished() []subtask {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.AppendSeq([]subtask{}, maps.Keys(j.closed))
}

// acknowledged notes whether a task had nothing left to do.
func (j *Job) acknowledged(e event) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if s := (subtask{e.Vertex, int(e.Subtask)}); e.Finished {
		j.closing[s] = e.Checkpoint
	} else {
		delete(j.closing, s)
	}
}

// Confirmed says that all tasks hear, or have heard, that a checkpoint is complete.
func (j *Job) Confirmed(checkpoint int64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for s, at := range j.closing {
		if at <= checkpoint {
			j.closed[s] = true
		}
	}
}

// Current makes the job a coordinator.Executions.
func (j *Job) Current() [][]plan.Execution {
	j.mu.Lock()
	defer j.mu.Unlock()
	all := make([][]plan.Execution, len(j.states))
	for v, states := range j.states {
		for s, state := range states {
			all[v] = append(all[v], plan.Execution{
				Attempt: j.attempt(v, int32(s)), State: state, Gateway: gateway{j, v, int32(s)},
			})
		}
	}
	return all
}

func (j *Job) attempt(vertex int, subtask int32) task.ExecutionAttempt {
	return task.ExecutionAttempt{Graph: j.mine, Vertex: j.Job.Vertex(vertex).ID, Subtask: subtask}
}
