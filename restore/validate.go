package restore

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

// NotRestored is state that a restore leaves behind.
type NotRestored struct {
	Operator    *checkpoint.OperatorState // as the checkpoint has it
	StateBytes  int64                     // of its coordinator and subtasks, in Flink's count
	Coordinator bool                      // it has coordinator state, which is lost too
	Reason      Reason
}

// Reason says why state is left behind.
type Reason string

// The reasons.
const (
	// ReasonNoOperator: the job has no such operator, and the user allowed that.
	ReasonNoOperator Reason = "no operator"
	// ReasonEmpty: the job has no such operator, and there is no state to lose.
	ReasonEmpty Reason = "empty"
	// ReasonTaken: the operator restores other state, under its user-defined id.
	ReasonTaken Reason = "operator restores other state"
	// ReasonInFlight: data in flight at an operator that has no exchange any
	// more, in a checkpoint that Flink restores all the same.
	ReasonInFlight Reason = "in-flight data without exchange"
)

// Validated is a checkpoint that fits a job.
type Validated struct {
	// Metadata is the checkpoint with the operators that the job has, and only
	// those. It shares them with the metadata that was validated.
	Metadata *checkpoint.Metadata

	// Dropped are the operators that the job does not have.
	Dropped []NotRestored
}

// Validate checks that a checkpoint fits a job, before anything is restored
// (Flink: Checkpoints.loadAndValidateCheckpoint).
//
// State of an operator that the job does not have is dropped if that is allowed
// or if it is empty, and refused with ErrUnmappedState otherwise; coordinator
// state counts. A max parallelism that the user chose must be the checkpoint's,
// or it is refused with ErrMaxParallelism. The parallelism is not looked at:
// Assign does. Everything that is wrong is reported, each as a *Refusal, joined.
func Validate(md *checkpoint.Metadata, j *job.Job, allowNonRestored bool) (*Validated, error) {
	kept := *md
	kept.Operators = make([]checkpoint.OperatorState, 0, len(md.Operators))
	result := &Validated{Metadata: &kept}
	var refusals []error
	without := operatorsWithout(md.Operators, j)
	for i := range md.Operators {
		op := &md.Operators[i]
		vertex, known := j.VertexOf(op.ID)
		if known {
			if err := cmp.Or(inspect(op), fitsMaxParallelism(j, vertex, op)); err != nil {
				refusals = append(refusals, err)
			}
			kept.Operators = append(kept.Operators, *op)
			continue
		}
		dropped := notRestored(op, ReasonNoOperator)
		if !op.HasState() {
			dropped.Reason = ReasonEmpty
		} else if !allowNonRestored {
			refusals = append(refusals, unmapped(&dropped, without))
		}
		result.Dropped = append(result.Dropped, dropped)
	}
	if err := errors.Join(refusals...); err != nil {
		return nil, err
	}
	return result, nil
}

// presentOperatorState returns nil for the handle that stands for none.
func presentOperatorState(h checkpoint.OperatorStateHandle) checkpoint.OperatorStateHandle {
	if _, null := h.(*checkpoint.NullOperatorStateHandle); null {
		return nil
	}
	return h
}

func notRestored(op *checkpoint.OperatorState, reason Reason) NotRestored {
	return NotRestored{
		Operator:    op,
		StateBytes:  op.StateSize(),
		Coordinator: op.Coordinator != nil,
		Reason:      reason,
	}
}

// namedWithout is how many operators a reason names.
const namedWithout = 5

// operatorsWithout names the operators of the job that the checkpoint does not have:
// one of them may be the operator that is missed, under a uid with a slip in it. They
// are looked for when somebody asks, which is seldom.
func operatorsWithout(operators []checkpoint.OperatorState, j *job.Job) func() string {
	return sync.OnceValue(func() string {
		states := statesByID(operators)
		var names []string
		for _, v := range j.Vertices() {
			for i := range v.Operators {
				if op := &v.Operators[i]; states[op.ID] == nil && (op.UserDefined == nil || states[*op.UserDefined] == nil) {
					names = append(names, nameOf(op))
				}
			}
		}
		if len(names) > namedWithout {
			names = append(names[:namedWithout], fmt.Sprintf("%d more", len(names)-namedWithout))
		}
		return strings.Join(names, ", ")
	})
}

func nameOf(op *job.Operator) string {
	if op.UID != "" {
		return fmt.Sprintf("uid %q", op.UID)
	}
	return op.Label()
}

func unmapped(n *NotRestored, without func() string) error {
	what := fmt.Sprintf("%d bytes of state", n.StateBytes)
	if n.Coordinator {
		what += ", with that of its coordinator,"
	}
	reason := fmt.Sprintf("the checkpoint has %s for %s, but the job has no such operator", what, labelOf(n.Operator))
	if names := without(); names != "" {
		reason += ", and the checkpoint has nothing for these of the job: " + names
	}
	refusal := &Refusal{
		Kind:     ErrUnmappedState,
		Operator: n.Operator.ID,
		Reason:   reason,
		Advice: "give the operator back its uid (or set its uid hash to the id above), " +
			"or allow non-restored state to lose it",
	}
	if n.Operator.ID == (checkpoint.OperatorID{}) {
		refusal.Reason += "; the id of that state is all zeros, as if whoever wrote it had not set one (checkpoint.OperatorIDFromUID)"
		refusal.Advice = "set the uid hash of the operator to 32 zeros, or allow non-restored state to lose it"
	}
	return refusal
}

func labelOf(op *checkpoint.OperatorState) string {
	switch {
	case op.UID != "" && op.Name != "":
		return fmt.Sprintf("%q (uid %q)", op.Name, op.UID)
	case op.UID != "":
		return fmt.Sprintf("uid %q", op.UID)
	case op.Name != "":
		return fmt.Sprintf("%q", op.Name)
	}
	return "it"
}
