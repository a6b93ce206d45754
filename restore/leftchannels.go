package restore

import (
	"fmt"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

// refuseChained refuses data in flight between operators that are now chained.
func (t *task) refuseChained(inner []operatorTask, channels channelKind) error {
	var ids []string
	for i := range inner {
		if hasOffsets(channels(&inner[i])) {
			ids = append(ids, inner[i].op.ID.String())
		}
	}
	if ids == nil {
		return nil
	}
	return &Refusal{
		Kind:   ErrChained,
		Vertex: vertexLabel(t.vertex),
		Reason: fmt.Sprintf("the unaligned checkpoint has in-flight data of %s inside the chain", strings.Join(ids, ", ")),
		Advice: "keep the chaining of the job that took the checkpoint, or take an aligned one or a savepoint",
	}
}

func hasOffsets(old perSubtask) bool {
	for _, handles := range old {
		for _, h := range handles {
			if len(h.Offsets) > 0 {
				return true
			}
		}
	}
	return false
}

// refuseUnknown refuses to move in-flight data in a job of which only the
// checkpoint is known: where it goes depends on edges.
func (a *assigner) refuseUnknown(t *task, o *operatorTask, groups map[int]bool) error {
	if a.job.EdgesKnown() || len(groups) == 0 {
		return nil
	}
	return &Refusal{
		Kind:     ErrUnrescalable,
		Vertex:   vertexLabel(t.vertex),
		Operator: o.op.ID,
		Reason:   edgesMissing(t.vertex, o.op),
		Advice:   adviceInputs,
	}
}

func edgesMissing(v *job.Vertex, op *checkpoint.OperatorState) string {
	return fmt.Sprintf("data was in flight, and who it goes to at parallelism %d instead of %d depends on the edges of the job, which a checkpoint does not store",
		v.Parallelism, op.Parallelism)
}

// leaveInFlight reports data in flight inside a chain whose ends have none. Flink
// does not look at it then, and restores without it; so does this, but says so.
func (a *assigner) leaveInFlight(inner []operatorTask, channels channelKind) {
	for i := range inner {
		if hasOffsets(channels(&inner[i])) {
			a.leave(inner[i].op, channels(&inner[i]), func(int) bool { return true })
		}
	}
}

// leaveGates reports data in flight over gates or partitions that the task does
// not have any more. If it has one, all data is taken to be that one's.
func (a *assigner) leaveGates(op *checkpoint.OperatorState, old perSubtask, gates int) {
	if gates != 1 {
		a.leave(op, old, func(gate int) bool { return gate >= gates })
	}
}

func (a *assigner) leave(op *checkpoint.OperatorState, old perSubtask, which func(int) bool) {
	left, bytes := 0, int64(0)
	for _, handles := range old {
		for _, h := range handles {
			if which(int(h.Channel.Group)) {
				left++
				bytes += h.Size
			}
		}
	}
	if left > 0 {
		a.result.NotRestored = append(a.result.NotRestored,
			NotRestored{Operator: op, StateBytes: bytes, Reason: ReasonInFlight})
	}
}
