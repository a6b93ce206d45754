package flink

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

// description is a job as integration/flink/README.md has it.
type description struct {
	Vertices []struct {
		Name                        string
		Parallelism, MaxParallelism int32
		Operators                   []struct {
			ID            checkpoint.OperatorID
			UserDefinedID *checkpoint.OperatorID
			UID, Name     string
		}
		Inputs []struct {
			Source                                    int
			Pattern, UpstreamMapper, DownstreamMapper string
		}
	}
}

func describe(text []byte, ids []checkpoint.JobVertexID) (*job.Job, error) {
	var d description
	if err := json.Unmarshal(text, &d); err != nil {
		return nil, fmt.Errorf("flink: the job is described by %.200q: %w", text, err)
	}
	vertices := make([]job.Vertex, len(d.Vertices))
	outputs := make([]int, len(d.Vertices))
	for i, from := range d.Vertices {
		v := job.Vertex{ID: ids[i], Name: from.Name, Parallelism: from.Parallelism, MaxParallelism: from.MaxParallelism}
		for _, op := range slices.Backward(from.Operators) { // Flink lists a chain from its tail
			v.Operators = append(v.Operators, job.Operator{ID: op.ID, UserDefined: op.UserDefinedID, UID: op.UID, Name: op.Name})
		}
		for _, edge := range from.Inputs {
			in := job.Input{From: edge.Source, Output: outputs[edge.Source], Upstream: mapper(edge.UpstreamMapper), Downstream: mapper(edge.DownstreamMapper)}
			outputs[edge.Source]++
			if edge.Pattern == job.Pointwise.String() {
				in.Pattern = job.Pointwise
			}
			v.Inputs = append(v.Inputs, in)
		}
		vertices[i] = v
	}
	return job.New(vertices...)
}

func mapper(name string) job.SubtaskStateMapper {
	for m := job.Arbitrary; m < job.Unsupported; m++ {
		if m.String() == name {
			return m
		}
	}
	return job.Unsupported
}
