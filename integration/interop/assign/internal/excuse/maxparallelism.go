package excuse

import (
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/internal/verdict"
	"github.com/cairnstate/cairn/restore"
)

// refusedForDisagreement reports whether a case is refused for what Flink accepts:
// that chained operators, one of them with keyed state, had different max
// parallelisms.
func refusedForDisagreement(c *verdict.Case, lines []string) bool {
	return slices.Equal(lines, []string{"refused to assign: " + restore.ErrMaxParallelism.Error()}) &&
		slices.ContainsFunc(pasts(c), func(states []*checkpoint.OperatorState) bool {
			return disagree(states) && slices.ContainsFunc(states, hasKeys)
		})
}

// pasts returns the states of each vertex, by operator; nil where there is none.
func pasts(c *verdict.Case) [][]*checkpoint.OperatorState {
	states := map[checkpoint.OperatorID]*checkpoint.OperatorState{}
	for i := range c.Checkpoint.Operators {
		states[c.Checkpoint.Operators[i].ID] = &c.Checkpoint.Operators[i]
	}
	all := make([][]*checkpoint.OperatorState, len(c.Vertices))
	for i := range c.Vertices {
		for _, op := range c.Vertices[i].Operators {
			state := states[op.ID]
			if op.UserDefined != nil && states[*op.UserDefined] != nil {
				state = states[*op.UserDefined]
			}
			all[i] = append(all[i], state)
		}
	}
	return all
}

// disagree reports whether states are of different max parallelism.
func disagree(states []*checkpoint.OperatorState) bool {
	var first *checkpoint.OperatorState
	for _, s := range states {
		if s != nil && first == nil {
			first = s
		}
		if s != nil && s.MaxParallelism != first.MaxParallelism {
			return true
		}
	}
	return false
}

func hasKeys(op *checkpoint.OperatorState) bool {
	return op != nil && slices.ContainsFunc(op.Subtasks, func(s checkpoint.SubtaskState) bool {
		return s.State != nil && (s.State.ManagedKeyedState != nil || s.State.RawKeyedState != nil)
	})
}

// configured is the case with the max parallelism that the states of a chain with
// keyed state agree on set by the user, which takes from operators that have no
// state the power to reset it.
func configured(c *verdict.Case) *verdict.Case {
	changed := *c
	changed.Vertices = slices.Clone(c.Vertices)
	changed.Checkpoint = withoutUntaken(c)
	for i, states := range pasts(c) {
		at := slices.IndexFunc(states, func(s *checkpoint.OperatorState) bool { return s != nil })
		v := &changed.Vertices[i]
		if v.MaxParallelism == 0 && slices.ContainsFunc(states, hasKeys) && slices.Contains(states, nil) && !disagree(states) {
			v.MaxParallelism = states[at].MaxParallelism
		}
	}
	return &changed
}

// withoutUntaken is the checkpoint without states of operators that restore other
// state, under their user-defined id. They would still be validated.
func withoutUntaken(c *verdict.Case) *metadata.File {
	taken := map[checkpoint.OperatorID]bool{}
	for _, states := range pasts(c) {
		for _, s := range states {
			if s != nil {
				taken[s.ID] = true
			}
		}
	}
	known := map[checkpoint.OperatorID]bool{}
	for i := range c.Vertices {
		for _, op := range c.Vertices[i].Operators {
			known[op.ID] = true
		}
	}
	file := *c.Checkpoint
	file.Operators = slices.DeleteFunc(slices.Clone(file.Operators), func(op checkpoint.OperatorState) bool {
		return known[op.ID] && !taken[op.ID]
	})
	return &file
}
