package task

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
)

// ExecutionGraphID tells one execution of a job from all others: whoever begins to
// run the job again takes another, at random.
type ExecutionGraphID [16]byte

// ExecutionAttempt names one try of one subtask (Flink: ExecutionAttemptID). It is
// comparable, and never used twice: what an earlier try still says is not taken for
// what this one says.
type ExecutionAttempt struct {
	Graph   ExecutionGraphID
	Vertex  checkpoint.JobVertexID
	Subtask int32 // from 0
	Attempt int32 // from 0, one more with each restart
}

// String tells the attempt in logs: 8 digits of the execution and of the vertex are
// enough to find one by.
func (a ExecutionAttempt) String() string {
	return fmt.Sprintf("%x_%s_%d_%d", a.Graph[:4], a.Vertex.String()[:8], a.Subtask, a.Attempt)
}

// State is how far an attempt has come (Flink: ExecutionState).
type State string

// The states, in the order of a good life; then the others.
const (
	Created      State = "CREATED"
	Deploying    State = "DEPLOYING"
	Initializing State = "INITIALIZING" // reads the state it was given
	Running      State = "RUNNING"
	Finished     State = "FINISHED"

	Canceling State = "CANCELING"
	Canceled  State = "CANCELED"
	Failed    State = "FAILED"
)

// Terminal reports whether nothing comes after it.
func (s State) Terminal() bool { return s == Finished || s == Canceled || s == Failed }
