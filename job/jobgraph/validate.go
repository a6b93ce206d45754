package jobgraph

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job/stream"
)

// validate refuses jobs that cannot be checkpointed as was chosen: where a user's function
// says which subtask gets a record, records in flight cannot be given to others.
func validate(g *stream.Graph) error {
	c := &g.Checkpointing
	if !c.EffectiveUnaligned() || c.ForceUnaligned {
		return nil
	}
	for i := range g.Edges {
		if e := &g.Edges[i]; e.Partitioner.Name == "custom" {
			return &stream.Problem{Operator: g.Nodes[e.To].Name,
				Reason: "is reached by a custom partitioner, which unaligned checkpoints do not support; " +
					"turn them off, or force them by execution.checkpointing.unaligned.forced"}
		}
	}
	return nil
}

// check refuses two vertices of one id, which chance alone can bring about.
func (g *Graph) check() error {
	names := map[checkpoint.JobVertexID]string{}
	for i := range g.Vertices {
		v := &g.Vertices[i]
		if other, twice := names[v.ID]; twice {
			return &stream.Problem{Operator: v.Name, Reason: fmt.Sprintf("has the id %s of %s; give one of them a uid", v.ID, other)}
		}
		names[v.ID] = v.Name
	}
	return nil
}
