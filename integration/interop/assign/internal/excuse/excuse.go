// Package excuse knows the ways in which cairn and Flink may differ, and holds
// each to as little as it can: an excuse is asked for with what both said, and is
// given only if Flink itself would say what cairn does once its one peculiarity
// is out of the way. docs/divergence.md has the reasons.
package excuse

import (
	"slices"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/internal/verdict"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/restore"
)

// The excuses.
const (
	None          = ""
	HashOrder     = "Flink says the same in another order of its hash map of vertices"
	NewInChain    = "an operator new in a chain resets the max parallelism"
	Disagreeing   = "chained operators of different max parallelism are refused (FLINK-40113)"
	Chosen        = "chained operators of different max parallelism without keyed state: another of them is taken"
	ParallelEdges = "several edges between two vertices: Flink takes the first for all"
)

// Ask returns what Flink makes of a case.
type Ask func(*verdict.Case) ([]string, error)

// For returns what excuses that Flink does not say what cairn does.
func For(c *verdict.Case, ours []string, ask Ask) (string, error) {
	if slices.Equal(ours, []string{"refused to assign: " + restore.ErrMaxParallelism.Error()}) && disagreesOverKeys(c) {
		return Disagreeing, nil
	}
	for _, e := range []struct {
		name  string
		asked *verdict.Case
		same  func(ours, theirs []string) bool
	}{
		{HashOrder, c, slices.Equal[[]string]},
		{NewInChain, configured(c), slices.Equal[[]string]},
		{Chosen, configured(c), equalButMaxParallelism(c)},
		{ParallelEdges, configured(c), equalButChannels(c)},
		{ParallelEdges, supported(configured(c)), equalButChannels(c)},
		{ParallelEdges, notRecovered(supported(configured(c))), equalButChannels(c)},
	} {
		ours := ours
		if e.name == ParallelEdges {
			if !slices.Contains(onParallelEdges(c), true) {
				continue
			}
			var err error
			if ours, err = verdict.Of(e.asked); err != nil {
				return None, err
			}
		}
		for order := range permutations(len(c.Vertices)) {
			asked := *e.asked
			asked.Order = order
			theirs, err := ask(&asked)
			if err != nil {
				return None, err
			}
			if e.same(ours, theirs) {
				return e.name, nil
			}
		}
	}
	return None, nil
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

func disagreesOverKeys(c *verdict.Case) bool {
	return slices.ContainsFunc(pasts(c), func(states []*checkpoint.OperatorState) bool {
		return disagree(states) && slices.ContainsFunc(states, hasKeys)
	})
}

func hasKeys(op *checkpoint.OperatorState) bool {
	return op != nil && slices.ContainsFunc(op.Subtasks, func(s checkpoint.SubtaskState) bool {
		return s.State != nil && (s.State.ManagedKeyedState != nil || s.State.RawKeyedState != nil)
	})
}

// configured is the case with the max parallelism that the states agree on set by
// the user, which takes from operators that have no state the power to reset it.
func configured(c *verdict.Case) *verdict.Case {
	changed := *c
	changed.Vertices = slices.Clone(c.Vertices)
	changed.Checkpoint = withoutUntaken(c)
	for i, states := range pasts(c) {
		at := slices.IndexFunc(states, func(s *checkpoint.OperatorState) bool { return s != nil })
		v := &changed.Vertices[i]
		if at >= 0 && slices.Contains(states, nil) && !disagree(states) && v.MaxParallelism == 0 {
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

// supported is the case with data in flight over parallel edges that could be
// rescaled, all of them or none: if one cannot, Flink may look at another.
func supported(c *verdict.Case) *verdict.Case {
	changed := *c
	changed.Vertices = slices.Clone(c.Vertices)
	for i := range changed.Vertices {
		v := &changed.Vertices[i]
		v.Inputs = slices.Clone(v.Inputs)
		edges := map[int]int{}
		for _, in := range v.Inputs {
			edges[in.From]++
		}
		for k := range v.Inputs {
			if in := &v.Inputs[k]; edges[in.From] > 1 && in.Upstream == job.Unsupported {
				in.Upstream, in.Downstream = job.Arbitrary, job.Arbitrary
			}
		}
	}
	return &changed
}

// notRecovered is the case with output buffers left to the producers: which way
// they go from there on depends on all edges of a vertex.
func notRecovered(c *verdict.Case) *verdict.Case {
	changed := *c
	changed.RecoverOutputDownstream = false
	return &changed
}

// equalButMaxParallelism does not look at the max parallelism of vertices whose
// chains disagree.
func equalButMaxParallelism(c *verdict.Case) func(ours, theirs []string) bool {
	return masked(maskMaxParallelism(c))
}

func maskMaxParallelism(c *verdict.Case) func(line string) string {
	states := pasts(c)
	return func(line string) string {
		text, _, found := strings.Cut(line, ": restored, max parallelism ")
		if found && disagree(states[vertexOf(line)]) {
			return text
		}
		return line
	}
}

// equalButChannels does not look at how channels changed between vertices with
// several edges, nor at what equalButMaxParallelism does not look at.
func equalButChannels(c *verdict.Case) func(ours, theirs []string) bool {
	parallel, maskMaxParallelism := onParallelEdges(c), maskMaxParallelism(c)
	channels := []string{" input rescaling: ", " output rescaling: ", " upstream output buffers: "}
	mask := func(line string) string {
		inFlight := slices.ContainsFunc(channels, func(kind string) bool { return strings.Contains(line, kind) })
		if inFlight && parallel[vertexOf(line)] {
			return ""
		}
		return maskMaxParallelism(line)
	}
	return masked(mask)
}

// onParallelEdges returns the vertices that have several edges with another.
func onParallelEdges(c *verdict.Case) []bool {
	parallel := make([]bool, len(c.Vertices))
	for i := range c.Vertices {
		from := map[int]bool{}
		for _, in := range c.Vertices[i].Inputs {
			if from[in.From] {
				parallel[i], parallel[in.From] = true, true
			}
			from[in.From] = true
		}
	}
	return parallel
}

// masked compares lines by what mask leaves of them.
func masked(mask func(string) string) func(ours, theirs []string) bool {
	left := func(lines []string) (left []string) {
		for _, line := range lines {
			if !strings.HasPrefix(line, "refused") {
				line = mask(line)
			}
			if line != "" {
				left = append(left, line)
			}
		}
		return left
	}
	return func(ours, theirs []string) bool { return slices.Equal(left(ours), left(theirs)) }
}

// vertexOf returns the vertex that a line is of.
func vertexOf(line string) (vertex int) {
	for _, digit := range line {
		if digit < '0' || digit > '9' {
			break
		}
		vertex = 10*vertex + int(digit-'0')
	}
	return vertex
}
