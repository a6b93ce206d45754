package jobgraph

import (
	"slices"

	"github.com/cairnstate/cairn/job"
)

// Job returns the job that a checkpoint is restored into, with the vertices in the same
// order. Errors are *job.Problem, several of them joined.
func (g *Graph) Job() (*job.Job, error) {
	vertices := make([]job.Vertex, len(g.Vertices))
	for i := range g.Vertices {
		vertices[i] = g.Vertices[i].job()
	}
	return job.New(vertices...)
}

func (v *Vertex) job() job.Vertex {
	out := job.Vertex{ID: v.ID, Name: v.Name, Parallelism: v.Parallelism, MaxParallelism: v.MaxParallelism}
	for _, op := range slices.Backward(v.Operators) {
		out.Operators = append(out.Operators, job.Operator{ID: op.ID, UserDefined: op.UserDefined, UID: op.UID, Name: op.Name})
	}
	for i := range v.Inputs {
		in := v.Inputs[i].Partitioner.Input(v.Inputs[i].From)
		in.Output = v.Inputs[i].Output
		out.Inputs = append(out.Inputs, in)
	}
	return out
}
