package verdict

import (
	"encoding/json"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/restore"
)

// Case is a checkpoint, and a job that it is to be restored into. As JSON it is
// what integration/flink/assign reads.
type Case struct {
	Note string // for people

	Checkpoint              *metadata.File
	Pointer                 string // where the checkpoint is, for handles relative to it; empty if there are none
	Vertices                []job.Vertex
	AllowNonRestored        bool
	RecoverOutputDownstream bool

	// Peculiarities are what cairn is to share with Flink all the same.
	Peculiarities restore.Peculiarities

	// Order is that of the vertices in Flink's hash map; nil for the job's.
	Order []int

	// Flink is what real Flink said, where that is known.
	Flink []string
}

type jsonCase struct {
	Note                    string       `json:"note,omitempty"`
	AllowNonRestored        bool         `json:"allowNonRestored,omitempty"`
	RecoverOutputDownstream bool         `json:"recoverOutputDownstream,omitempty"`
	Vertices                []jsonVertex `json:"vertices"`
	Order                   []int        `json:"order,omitempty"`
	Checkpoint              []byte       `json:"checkpoint"`
	Pointer                 string       `json:"pointer,omitempty"`
	Flink                   []string     `json:"flink,omitempty"`

	Peculiarities restore.Peculiarities `json:"peculiarities,omitzero"`
}

type jsonVertex struct {
	ID             checkpoint.JobVertexID `json:"id"`
	Parallelism    int32                  `json:"parallelism"`
	MaxParallelism int32                  `json:"maxParallelism,omitempty"`
	Operators      []jsonOperator         `json:"operators"`
	Inputs         []jsonInput            `json:"inputs,omitempty"`
}

type jsonOperator struct {
	ID          checkpoint.OperatorID  `json:"id"`
	UserDefined *checkpoint.OperatorID `json:"userDefined,omitempty"`
}

type jsonInput struct {
	From       int    `json:"from"`
	Output     int    `json:"output,omitempty"`
	Pattern    string `json:"pattern"`
	Upstream   string `json:"upstream"`
	Downstream string `json:"downstream"`
}

// MarshalJSON writes the checkpoint as the bytes of its metadata file.
func (c *Case) MarshalJSON() ([]byte, error) {
	data, err := metadata.Encode(c.Checkpoint, nil)
	if err != nil {
		return nil, err
	}
	written := jsonCase{
		Note: c.Note, AllowNonRestored: c.AllowNonRestored, RecoverOutputDownstream: c.RecoverOutputDownstream,
		Order: c.Order, Checkpoint: data, Pointer: c.Pointer, Flink: c.Flink,
		Peculiarities: c.Peculiarities,
	}
	for i := range c.Vertices {
		written.Vertices = append(written.Vertices, writeVertex(&c.Vertices[i]))
	}
	return json.Marshal(written)
}

func writeVertex(v *job.Vertex) jsonVertex {
	written := jsonVertex{ID: v.ID, Parallelism: v.Parallelism, MaxParallelism: v.MaxParallelism}
	if v.ID == (checkpoint.JobVertexID{}) {
		written.ID = checkpoint.JobVertexID(v.Operators[0].ID)
	}
	for _, op := range v.Operators {
		written.Operators = append(written.Operators, jsonOperator{op.ID, op.UserDefined})
	}
	for _, in := range v.Inputs {
		written.Inputs = append(written.Inputs,
			jsonInput{in.From, in.Output, in.Pattern.String(), in.Upstream.String(), in.Downstream.String()})
	}
	return written
}

// UnmarshalJSON reads what MarshalJSON writes.
func (c *Case) UnmarshalJSON(data []byte) error {
	var read jsonCase
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	file, err := metadata.Decode(read.Checkpoint, nil)
	if err != nil {
		return fmt.Errorf("verdict: the checkpoint of the case: %w", err)
	}
	*c = Case{
		Note: read.Note, Checkpoint: file, Pointer: read.Pointer, Order: read.Order, Flink: read.Flink,
		AllowNonRestored: read.AllowNonRestored, RecoverOutputDownstream: read.RecoverOutputDownstream,
		Peculiarities: read.Peculiarities,
	}
	for i := range read.Vertices {
		v, err := read.Vertices[i].read()
		if err != nil {
			return err
		}
		c.Vertices = append(c.Vertices, v)
	}
	return nil
}

func (v *jsonVertex) read() (job.Vertex, error) {
	vertex := job.Vertex{ID: v.ID, Parallelism: v.Parallelism, MaxParallelism: v.MaxParallelism}
	for _, op := range v.Operators {
		vertex.Operators = append(vertex.Operators, job.Operator{ID: op.ID, UserDefined: op.UserDefined})
	}
	for _, in := range v.Inputs {
		upstream, err := mapperNamed(in.Upstream)
		if err != nil {
			return vertex, err
		}
		downstream, err := mapperNamed(in.Downstream)
		if err != nil {
			return vertex, err
		}
		input := job.Input{From: in.From, Output: in.Output, Upstream: upstream, Downstream: downstream}
		if in.Pattern == job.Pointwise.String() {
			input.Pattern = job.Pointwise
		}
		vertex.Inputs = append(vertex.Inputs, input)
	}
	return vertex, nil
}

func mapperNamed(name string) (job.SubtaskStateMapper, error) {
	for m := job.Arbitrary; m <= job.Unsupported; m++ {
		if m.String() == name {
			return m, nil
		}
	}
	return 0, fmt.Errorf("verdict: there is no mapper %q", name)
}
