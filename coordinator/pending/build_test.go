package pending_test

import (
	"testing"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/pending"
	"github.com/cairnstate/cairn/coordinator/plan"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/task"
)

var properties = checkpoint.CheckpointProperties(checkpoint.RetainOnFailure)

func id(uid string) checkpoint.OperatorID { return checkpoint.OperatorIDFromUID(uid) }

// vertex makes a vertex of operators of these uids, named in capitals of their own.
func vertex(parallelism int32, uids ...string) job.Vertex {
	v := job.Vertex{Parallelism: parallelism}
	for _, uid := range uids {
		v.Operators = append(v.Operators, job.Operator{ID: id(uid), UID: uid, Name: "the " + uid})
	}
	return v
}

func jobOf(t testing.TB, vertices ...job.Vertex) *job.Job {
	t.Helper()
	j, err := job.New(vertices...)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func attempt(j *job.Job, vertex int, subtask int32) task.ExecutionAttempt {
	return task.ExecutionAttempt{Graph: task.ExecutionGraphID{1}, Vertex: j.Vertex(vertex).ID, Subtask: subtask, Attempt: 2}
}

// states are those of the subtasks, by vertex: R runs, F has finished.
func planOf(t testing.TB, j *job.Job, states ...string) *plan.Plan {
	t.Helper()
	current := make([][]plan.Execution, len(states))
	for i := range states {
		for subtask, letter := range states[i] {
			state := map[rune]task.State{'R': task.Running, 'F': task.Finished}[letter]
			current[i] = append(current[i], plan.Execution{Attempt: attempt(j, i, int32(subtask)), State: state})
		}
	}
	p, err := plan.Calculate(j, current, true)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// begin makes checkpoint 7 of a job of which these run.
func begin(t testing.TB, j *job.Job, states ...string) *pending.Checkpoint {
	t.Helper()
	return pending.New(7, time.Unix(100, 0), planOf(t, j, states...), j, nil, nil, properties)
}

// keyed is state that tells whose it is.
func keyed(path string) *checkpoint.OperatorSubtaskState {
	return &checkpoint.OperatorSubtaskState{ManagedKeyedState: &checkpoint.KeyGroupsStateHandle{
		Range: checkpoint.KeyGroups(0, 1), Offsets: []int64{0, 1}, Delegate: &checkpoint.FileStateHandle{Path: path, Size: 2},
	}}
}

func list(mode checkpoint.OperatorStateMode) *checkpoint.OperatorStreamStateHandle {
	return &checkpoint.OperatorStreamStateHandle{
		States:   []checkpoint.OperatorStatePartitions{{Name: "list", Mode: mode, Offsets: []int64{0}}},
		Delegate: &checkpoint.ByteStreamStateHandle{HandleName: "list", Data: []byte{1}},
	}
}

func snapshot(states map[string]*checkpoint.OperatorSubtaskState) *task.Snapshot {
	s := &task.Snapshot{Operators: map[checkpoint.OperatorID]*checkpoint.OperatorSubtaskState{}}
	for uid, state := range states {
		s.Operators[id(uid)] = state
	}
	return s
}

// acknowledge fails the test if the answer is not waited for.
func acknowledge(t testing.TB, c *pending.Checkpoint, a task.ExecutionAttempt, s *task.Snapshot) {
	t.Helper()
	if got := c.AcknowledgeTask(a, s); got != pending.Success {
		t.Fatalf("%s: %s", a, got)
	}
}
