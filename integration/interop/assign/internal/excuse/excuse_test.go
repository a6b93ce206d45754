package excuse

import (
	"slices"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/internal/verdict"
	"github.com/cairnstate/cairn/job"
)

// chain is a vertex of two operators, and states of them with these max
// parallelisms; 0 for none.
func chain(maxParallelisms ...int32) *verdict.Case {
	c := &verdict.Case{Checkpoint: &metadata.File{}, Vertices: []job.Vertex{{Parallelism: 1}}}
	for i, max := range maxParallelisms {
		id := checkpoint.OperatorID{byte(i + 1)}
		c.Vertices[0].Operators = append(c.Vertices[0].Operators, job.Operator{ID: id})
		if max > 0 {
			c.Checkpoint.Operators = append(c.Checkpoint.Operators, checkpoint.OperatorState{ID: id, Parallelism: 1, MaxParallelism: max})
		}
	}
	return c
}

func always(answer ...string) Ask {
	return func(*verdict.Case) ([]string, error) { return answer, nil }
}

// TestNoExcuse gives each excuse a case that it must not be given for: what differs
// is something else.
func TestNoExcuse(t *testing.T) {
	const restored16, restored128 = "0/0: restored, max parallelism 16", "0/0: restored, max parallelism 128"
	for name, test := range map[string]struct {
		c            *verdict.Case
		ours, theirs string
	}{
		"refused without disagreement": {chain(16, 16), "refused to assign: max parallelism mismatch", restored16},
		"disagreement without keys":    {chain(16, 128), "refused to assign: max parallelism mismatch", restored16},
		"other max parallelism":        {chain(16, 16), restored16, restored128},
		"new operator in the chain":    {chain(16, 0), restored16, restored128},
		"rescaling on a single edge":   {chain(16, 16), restored16, "0/0 a input rescaling: (old[0])"},
		"refused here, restored there": {chain(16, 128), "refused to assign: in-flight data cannot be rescaled", restored16},
	} {
		got, err := For(test.c, []string{test.ours}, always(test.theirs))
		if err != nil || got != None {
			t.Errorf("%s: excused by %q, error %v", name, got, err)
		}
	}
}

func TestExcuses(t *testing.T) {
	configuredOnly := func(c *verdict.Case) ([]string, error) {
		if c.Vertices[0].MaxParallelism == 16 {
			return []string{"0/0: restored, max parallelism 16"}, nil
		}
		return []string{"0/0: restored, max parallelism 128"}, nil
	}
	for want, test := range map[string]struct {
		c    *verdict.Case
		ours string
		ask  Ask
	}{
		NewInChain: {chain(16, 0), "0/0: restored, max parallelism 16", configuredOnly},
		Chosen:     {chain(16, 128), "0/0: restored, max parallelism 16", always("0/0: restored, max parallelism 128")},
		HashOrder:  {chain(16), "0: not restored", always("0: not restored")},
	} {
		if got, err := For(test.c, []string{test.ours}, test.ask); err != nil || got != want {
			t.Errorf("excused by %q, error %v; want %q", got, err, want)
		}
	}
}

func TestPermutations(t *testing.T) {
	got := slices.Collect(permutations(3))
	different := map[[3]int]bool{}
	for _, order := range got {
		different[[3]int(order)] = true
	}
	if len(got) != 6 || len(different) != 6 || !slices.Equal(got[0], []int{0, 1, 2}) {
		t.Errorf("permutations of three things are %v", got)
	}
}
