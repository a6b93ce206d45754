package restore

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

// finished says how far a vertex had come (Flink: VertexFinishedState).
type finished uint8

const (
	allRunning finished = iota
	partlyFinished
	fullyFinished
)

func (f finished) String() string {
	return [...]string{"all running", "partially finished", "fully finished"}[f]
}

// CheckFinished checks that what had finished may stay finished in this job
// (Flink: VertexFinishedStateChecker). It is for the start of a job, not for
// failover. A refusal is ErrFinishedState.
//
// All operators of a vertex must have come equally far. What feeds a finished
// vertex must have finished; what feeds a partly finished one must have too if
// each subtask is connected with each, and must have begun to if not.
func CheckFinished(j *job.Job, operators []checkpoint.OperatorState) error {
	c := finishedChecker{job: j, states: statesByID(operators), known: make([]finished, j.Len())}
	for i, v := range j.Vertices() {
		status, err := c.vertex(v)
		if err != nil {
			return err
		}
		c.known[i] = status
	}
	for i, v := range j.Vertices() {
		if err := c.inputs(i, v); err != nil {
			return err
		}
	}
	return nil
}

type finishedChecker struct {
	job    *job.Job
	states map[checkpoint.OperatorID]*checkpoint.OperatorState
	known  []finished // by vertex
}

func (c *finishedChecker) vertex(v *job.Vertex) (finished, error) {
	status := c.operator(&v.Operators[0])
	for i := range v.Operators[1:] {
		if other := c.operator(&v.Operators[i+1]); other != status {
			return 0, refuseFinished(v, fmt.Sprintf("operator %s is %s, but %s, chained to it, is %s",
				v.Operators[0].Label(), status, v.Operators[i+1].Label(), other))
		}
	}
	return status, nil
}

func (c *finishedChecker) operator(op *job.Operator) finished {
	state := c.states[op.ID]
	if op.UserDefined != nil && c.states[*op.UserDefined] != nil {
		state = c.states[*op.UserDefined]
	}
	switch {
	case state == nil:
		return allRunning
	case state.FullyFinished:
		return fullyFinished
	}
	for i := range state.Subtasks {
		if state.Subtasks[i].Finished {
			return partlyFinished
		}
	}
	return allRunning
}

func (c *finishedChecker) inputs(vertex int, v *job.Vertex) error {
	for i := range v.Inputs {
		from := v.Inputs[i].From
		need := allRunning
		switch {
		case c.known[vertex] == fullyFinished:
			need = fullyFinished
		case c.known[vertex] == partlyFinished && c.allToAll(v, from):
			need = fullyFinished
		case c.known[vertex] == partlyFinished:
			need = partlyFinished
		}
		if c.known[from] < need {
			return refuseFinished(v, fmt.Sprintf("it was %s, but vertex %s, which feeds it, was %s, and had to be %s",
				c.known[vertex], vertexLabel(c.job.Vertex(from)), c.known[from], need))
		}
	}
	return nil
}

// allToAll reports whether any edge between two vertices is ALL_TO_ALL, which
// is the stricter pattern.
func (c *finishedChecker) allToAll(v *job.Vertex, from int) bool {
	for i := range v.Inputs {
		if v.Inputs[i].From == from && v.Inputs[i].Pattern == job.AllToAll {
			return true
		}
	}
	return false
}

func refuseFinished(v *job.Vertex, reason string) error {
	return &Refusal{
		Kind:   ErrFinishedState,
		Vertex: vertexLabel(v),
		Reason: reason,
		Advice: "restore into the graph that the checkpoint was taken of; " +
			"operators cannot be added to or before finished ones",
	}
}

func vertexLabel(v *job.Vertex) string {
	if v.Name != "" {
		return v.Name
	}
	return v.ID.String()
}
