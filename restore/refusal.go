package restore

import (
	"errors"
	"fmt"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
)

// The kinds of refusal, for errors.Is.
var (
	// ErrUnmappedState says that the checkpoint has state for an operator that
	// the job does not have.
	ErrUnmappedState = errors.New("state without operator")

	// ErrMaxParallelism says that the job's max parallelism is not the
	// checkpoint's, or that chained operators have different ones.
	ErrMaxParallelism = errors.New("max parallelism mismatch")

	// ErrParallelismTooHigh says that the job wants more subtasks than the
	// checkpoint has key groups.
	ErrParallelismTooHigh = errors.New("parallelism exceeds max parallelism of the state")

	// ErrFinishedState says that operators had finished which in this job graph
	// could not have.
	ErrFinishedState = errors.New("finished operators do not fit the job graph")

	// ErrUnrescalable says that data was in flight over an exchange that cannot
	// be rescaled.
	ErrUnrescalable = errors.New("in-flight data cannot be rescaled")

	// ErrChained says that data was in flight between operators that are now
	// chained, so there is no exchange to restore it into.
	ErrChained = errors.New("in-flight data between operators that are now chained")

	// ErrInconsistent says that the checkpoint contradicts itself: a subtask
	// beyond its operator's parallelism, offsets that do not cover their range.
	ErrInconsistent = errors.New("checkpoint contradicts itself")

	// ErrLegacyState says that state was made through an interface that Flink
	// gave up in 1.4.
	ErrLegacyState = errors.New("state of Flink 1.1")
)

// Refusal is the answer no: the checkpoint does not restore into the job.
type Refusal struct {
	Kind     error                 // one of the sentinels above, which errors.Is finds
	Vertex   string                // name or id of the vertex, empty if none is concerned
	Operator checkpoint.OperatorID // zero if none is concerned
	Reason   string                // what is wrong
	Advice   string                // what to do about it
}

// Error returns the reason and the advice.
func (r *Refusal) Error() string {
	var b strings.Builder
	b.WriteString("restore: ")
	b.WriteString(r.Kind.Error())
	if r.Vertex != "" {
		fmt.Fprintf(&b, ": vertex %s", r.Vertex)
	}
	if r.Operator != (checkpoint.OperatorID{}) {
		fmt.Fprintf(&b, ": operator %s", r.Operator)
	}
	fmt.Fprintf(&b, ": %s", r.Reason)
	if r.Advice != "" {
		fmt.Fprintf(&b, "; %s", r.Advice)
	}
	return b.String()
}

// Unwrap returns the kind.
func (r *Refusal) Unwrap() error { return r.Kind }
