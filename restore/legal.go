package restore

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

// LegalRange is which parallelisms of a vertex restore a checkpoint, with the rest
// of the job as it is. Both ends are included; Min is above Max if none does.
type LegalRange struct {
	Min, Max int32
	Reason   string // what sets the upper end
}

// Contains reports whether a parallelism is in the range.
func (r LegalRange) Contains(parallelism int32) bool {
	return r.Min <= parallelism && parallelism <= r.Max
}

// LegalRanges returns the range of each vertex. It may not be what the job asks
// for, so it can be told of a restore that is refused.
func LegalRanges(j *job.Job, operators []checkpoint.OperatorState) []LegalRange {
	ranges := make([]LegalRange, j.Len())
	states := statesByID(operators)
	asBefore, old := unscaled(j, states)
	inFlight := slices.ContainsFunc(operators, func(op checkpoint.OperatorState) bool { return hasChannels(&op) })
	for i, v := range j.Vertices() {
		r := &ranges[i]
		*r = LegalRange{1, v.MaxParallelism, "the job's max parallelism"}
		if !j.MaxParallelismConfigured(i) {
			r.Max, r.Reason = checkpoint.UpperBoundMaxParallelism, "Flink's upper bound, there being no state"
		}
		for k := range v.Operators {
			if op := stateOf(states, &v.Operators[k]); op != nil && op.MaxParallelism <= r.Max {
				r.Max, r.Reason = op.MaxParallelism, "the state's max parallelism"
			}
		}
		if inFlight && asBefore != nil && old[i] > 0 && pinned(asBefore, i, old[i], r.Max, operators) {
			*r = LegalRange{old[i], old[i], "in-flight data that cannot be rescaled"}
			if !j.EdgesKnown() {
				r.Reason = "in-flight data; the edges of the job, which are not known, may let it be rescaled"
			}
		}
	}
	return ranges
}

// stateOf returns the state that an operator would take.
func stateOf(states map[checkpoint.OperatorID]*checkpoint.OperatorState, op *job.Operator) *checkpoint.OperatorState {
	if op.UserDefined != nil && states[*op.UserDefined] != nil {
		return states[*op.UserDefined]
	}
	return states[op.ID]
}

// unscaled returns the job at the parallelism of the checkpoint, and that of each
// vertex, 0 where it has no state. The job is nil if there can be no such.
func unscaled(j *job.Job, states map[checkpoint.OperatorID]*checkpoint.OperatorState) (*job.Job, []int32) {
	old := make([]int32, j.Len())
	for i, v := range j.Vertices() {
		for k := range v.Operators {
			if op := stateOf(states, &v.Operators[k]); op != nil {
				old[i] = cmp.Or(old[i], op.Parallelism)
			}
		}
	}
	asBefore, err := j.WithParallelism(old)
	if err != nil {
		return nil, old
	}
	return asBefore, old
}

func hasChannels(op *checkpoint.OperatorState) bool {
	for i := range op.Subtasks {
		if s := op.Subtasks[i].State; s != nil && s.Channels.HasState() {
			return true
		}
	}
	return false
}

// pinned reports whether Assign refuses to change the parallelism of a vertex of
// a job that is otherwise as it was. By how much does not matter.
func pinned(asBefore *job.Job, vertex int, old, limit int32, operators []checkpoint.OperatorState) bool {
	other := old + 1
	if other > limit {
		other = old - 1
	}
	if other < 1 {
		return false
	}
	changed, err := asBefore.WithParallelism(onlyAt(vertex, other))
	if err != nil {
		return false
	}
	_, err = Assign(0, changed, operators, &Options{AllowNonRestored: true})
	return errors.Is(err, ErrUnrescalable)
}

// onlyAt returns parallelisms that change one vertex.
func onlyAt(vertex int, parallelism int32) []int32 {
	byVertex := make([]int32, vertex+1)
	byVertex[vertex] = parallelism
	return byVertex
}

// String writes the range as people do: 1-128, or one number, or none.
func (r LegalRange) String() string {
	switch {
	case r.Min > r.Max:
		return "none"
	case r.Min == r.Max:
		return fmt.Sprint(r.Min)
	}
	return fmt.Sprintf("%d-%d", r.Min, r.Max)
}
