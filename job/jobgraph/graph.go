package jobgraph

import (
	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/job/stream"
)

// Graph is a job as vertices (Flink: JobGraph). Whoever holds one must not change it.
type Graph struct {
	Vertices      []Vertex // in Flink's order: consumers before producers
	Checkpointing checkpointing.JobSettings
	Restore       checkpointing.SavepointRestoreSettings
}

// Vertex is a chain of operators that run in one task (Flink: JobVertex).
type Vertex struct {
	ID   checkpoint.JobVertexID // that of the chain's head
	Name string

	Parallelism      int32
	MaxParallelism   int32 // 0 if there is none
	SlotSharingGroup string

	// Operators in Flink's order: the head comes last. Sources that were chained into
	// the head are not among them.
	Operators []Operator

	Inputs  []Edge
	outputs int
}

// Operator is one operator of a chain (Flink: OperatorIDPair).
type Operator struct {
	ID          checkpoint.OperatorID
	UserDefined *checkpoint.OperatorID // what setUidHash sets; nil if unset
	Name        string
	UID         string
}

// Edge is an input of a vertex (Flink: JobEdge, and the data set that it reads).
type Edge struct {
	From              int // index of the producing vertex
	Output            int // which of the producer's data sets
	Input             int // of the consumer, as in stream.Edge
	Partitioner       job.Partitioner
	SupportsUnaligned bool
}

// New returns the job graph of a stream graph. Errors are *stream.Problem or
// *checkpointing.OptionError, several of them joined.
func New(from *stream.Graph) (*Graph, error) {
	coordinator, err := from.Checkpointing.Coordinator()
	if err != nil {
		return nil, err
	}
	if err := validate(from); err != nil {
		return nil, err
	}
	l := link(from)
	ids, err := hash(l)
	if err != nil {
		return nil, err
	}
	c := newChaining(l, ids)
	c.chainAll()
	c.connectAll()
	if err := c.graph.check(); err != nil {
		return nil, err
	}
	c.graph.settle(coordinator, from.Checkpointing.Restore)
	return c.graph, nil
}
