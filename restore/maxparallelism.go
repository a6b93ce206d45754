package restore

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

// fitsMaxParallelism checks that the max parallelism of a state is the vertex's,
// or may become it.
func fitsMaxParallelism(j *job.Job, vertex int, op *checkpoint.OperatorState) error {
	v := j.Vertex(vertex)
	if op.MaxParallelism == v.MaxParallelism || !j.MaxParallelismConfigured(vertex) {
		return nil
	}
	return &Refusal{
		Kind:     ErrMaxParallelism,
		Vertex:   vertexLabel(v),
		Operator: op.ID,
		Reason: fmt.Sprintf("the checkpoint was taken with max parallelism %d, the job sets %d",
			op.MaxParallelism, v.MaxParallelism),
		Advice: fmt.Sprintf("set the max parallelism to %d, or leave it unset to take over the checkpoint's",
			op.MaxParallelism),
	}
}

// settleMaxParallelism finds the max parallelism of a vertex (Flink:
// StateAssignmentOperation.checkParallelismPreconditions). Where there is keyed
// state it is the checkpoint's; elsewhere it is what Flink happens to ask last.
func (t *task) settleMaxParallelism(j *job.Job, p Peculiarities) error {
	if !p.MaxParallelism {
		if err := t.agreeOnMaxParallelism(); err != nil {
			return err
		}
	}
	for _, i := range t.saying(p) {
		op := t.states[i].op
		if op == nil {
			t.maxParallelism = t.vertex.MaxParallelism
			continue
		}
		if op.MaxParallelism < t.vertex.Parallelism {
			return t.tooParallel(op)
		}
		if err := fitsMaxParallelism(j, t.index, op); err != nil {
			return err
		}
		t.maxParallelism = op.MaxParallelism
	}
	return nil
}

// agreeOnMaxParallelism refuses chained operators with different max
// parallelisms if one of them has keyed state: its key groups would be taken for
// others (FLINK-40113).
func (t *task) agreeOnMaxParallelism() error {
	var first *checkpoint.OperatorState
	for i := range t.states {
		op := t.states[i].op
		switch {
		case op == nil:
		case first == nil:
			first = op
		case op.MaxParallelism != first.MaxParallelism && t.hasKeyedState():
			return &Refusal{
				Kind:     ErrMaxParallelism,
				Vertex:   vertexLabel(t.vertex),
				Operator: op.ID,
				Reason: fmt.Sprintf("it was checkpointed with max parallelism %d, but operator %s, now chained to it, with %d",
					op.MaxParallelism, first.ID, first.MaxParallelism),
				Advice: "do not chain these operators, as in the job that took the checkpoint",
			}
		}
	}
	return nil
}

func (t *task) hasKeyedState() bool {
	for i := range t.states {
		if old := t.states[i].old; anyKeyed(old, managedKeyed) || anyKeyed(old, rawKeyed) {
			return true
		}
	}
	return false
}

func (t *task) tooParallel(op *checkpoint.OperatorState) error {
	return &Refusal{
		Kind:     ErrParallelismTooHigh,
		Vertex:   vertexLabel(t.vertex),
		Operator: op.ID,
		Reason: fmt.Sprintf("parallelism %d is higher than %d, the max parallelism that the checkpoint was taken with",
			t.vertex.Parallelism, op.MaxParallelism),
		Advice: fmt.Sprintf("set the parallelism to %d or less", op.MaxParallelism),
	}
}
