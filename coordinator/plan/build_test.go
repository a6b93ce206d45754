package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/plan"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/task"
)

// running is a job and what runs of it.
type running struct {
	job     *job.Job
	current [][]plan.Execution
}

// run makes a job of lines "name states inputs": a letter for the state of each
// subtask, and for each input the name of the producer behind ">" if each subtask is
// connected with each, "=" if it is pointwise.
//
//	run(t, "source RF", "map RR =source", "sink R >map >source")
func run(t testing.TB, lines ...string) running {
	t.Helper()
	var vertices []job.Vertex
	var current [][]plan.Execution
	index := map[string]int{}
	for i, line := range lines {
		fields := strings.Fields(line)
		index[fields[0]] = i
		v := vertex(fields[0], len(fields[1]))
		for _, in := range fields[2:] {
			pattern := map[byte]job.Pattern{'>': job.AllToAll, '=': job.Pointwise}[in[0]]
			v.Inputs = append(v.Inputs, job.Input{From: index[in[1:]], Pattern: pattern})
		}
		vertices, current = append(vertices, v), append(current, executions(v, fields[1]))
	}
	j, err := job.New(vertices...)
	if err != nil {
		t.Fatal(err)
	}
	return running{j, current}
}

func vertex(name string, parallelism int) job.Vertex {
	id := checkpoint.OperatorIDFromUID(name)
	return job.Vertex{ID: checkpoint.JobVertexID(id), Name: name, Parallelism: int32(parallelism), Operators: []job.Operator{{ID: id}}}
}

var states = map[rune]task.State{
	'-': "", 'c': task.Created, 'd': task.Deploying, 'i': task.Initializing, 'R': task.Running,
	'F': task.Finished, 'x': task.Canceling, 'X': task.Canceled, '!': task.Failed,
}

func executions(v job.Vertex, letters string) []plan.Execution {
	var all []plan.Execution
	for subtask, letter := range letters {
		attempt := task.ExecutionAttempt{Vertex: v.ID, Subtask: int32(subtask), Attempt: 3}
		all = append(all, plan.Execution{Attempt: attempt, State: states[letter]})
	}
	return all
}

// names tells a list as "source0 source1 map0".
func (r running) names(list []plan.Execution) string {
	var names []string
	for _, e := range list {
		vertex, _ := r.job.VertexOf(checkpoint.OperatorID(e.Attempt.Vertex))
		names = append(names, fmt.Sprintf("%s%d", r.job.Vertex(vertex).Name, e.Attempt.Subtask))
	}
	return strings.Join(names, " ")
}
