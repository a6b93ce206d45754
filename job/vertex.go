package job

import "github.com/cairnstate/cairn/checkpoint"

// Vertex is a chain of operators that run in one task (Flink: JobVertex).
type Vertex struct {
	// ID is that of the chain's head. New fills it in where it is zero.
	ID   checkpoint.JobVertexID
	Name string // for people

	Parallelism int32

	// MaxParallelism is the number of key groups; 0 for the default of the
	// parallelism, which a restored checkpoint may then override.
	MaxParallelism int32

	// Operators in the order in which records pass them, the head first. It is
	// the reverse of Flink's JobVertex.getOperatorIDs.
	Operators []Operator

	// Inputs in the order of the task's input gates.
	Inputs []Input
}

// Operator is one operator of a chain (Flink: OperatorIDPair).
type Operator struct {
	// ID is the generated id, which uid("...") decides where it is set. New fills it
	// in where it is zero: from UID, else it is UserDefined.
	ID checkpoint.OperatorID

	// UserDefined is what setUidHash sets; nil if unset. State under it is
	// preferred to state under ID.
	UserDefined *checkpoint.OperatorID

	UID  string // empty if unknown
	Name string // for people, empty if unknown
}

// Label returns the name by which people know the operator: its name, else its
// uid, else its id.
func (o *Operator) Label() string {
	switch {
	case o.Name != "":
		return o.Name
	case o.UID != "":
		return o.UID
	}
	return o.ID.String()
}

// Input is an edge into a vertex: one input gate (Flink: JobEdge).
type Input struct {
	// From is the index of the producing vertex in the job's list.
	From int

	// Output is the index of the result partition of the producer that the edge
	// reads. Each edge has a partition of its own. New numbers the edges of a
	// producer in the order in which it meets them if all are 0.
	Output int

	Pattern    Pattern
	Upstream   SubtaskStateMapper // moves in-flight data of the producer on rescale
	Downstream SubtaskStateMapper // moves in-flight data of the consumer on rescale
}
