package feature

import (
	"slices"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/internal/verdict"
	"github.com/cairnstate/cairn/job"
)

// TestOf knows what a small pair is about, and what it is not about.
func TestOf(t *testing.T) {
	id := checkpoint.OperatorIDFromUID("a")
	file := &metadata.File{Version: 6}
	file.Operators = []checkpoint.OperatorState{{ID: id, Parallelism: 1, MaxParallelism: 8, Subtasks: []checkpoint.SubtaskState{{
		State: &checkpoint.OperatorSubtaskState{ManagedKeyedState: &checkpoint.IncrementalRemoteKeyedStateHandle{Range: checkpoint.KeyGroups(0, 7)}},
	}}}}
	c := &verdict.Case{Checkpoint: file, Vertices: []job.Vertex{{Parallelism: 2, Operators: []job.Operator{{ID: id}}}}}
	want := []string{
		"managed keyed, incremental, scaled up", "matched by generated id",
		"max parallelism left open, smaller in the state than the default", "metadata version 6, assigned",
	}
	if got := Of(c, []string{"0/0: restored, max parallelism 8"}); !slices.Equal(got, want) {
		t.Errorf("it is about %q, want %q", got, want)
	}
	// A rule is not put to the test by a pair that is refused before it.
	want = []string{"metadata version 6, refused", "refused to assign: x"}
	if got := Of(c, []string{"refused to assign: x"}); !slices.Equal(got, want) {
		t.Errorf("refused, it is about %q, want %q", got, want)
	}
}

func TestCounts(t *testing.T) {
	var a, b Counts
	c := &verdict.Case{Checkpoint: &metadata.File{Version: 5}}
	a.Add(c, []string{refusals[0]})
	b.Add(c, []string{refusals[0]})
	b.Excuse("why", c)
	a.Merge(&b)
	if a.pairs != 2 || a.refusals[refusals[0]] != 2 || a.features["metadata version 5, refused"] != 2 || a.Excused() != 0.5 {
		t.Errorf("two counts make %+v", a)
	}
	missing := a.Missing()
	if slices.Contains(missing, refusals[0]) || slices.Contains(missing, "metadata version 5, refused") || !slices.Contains(missing, refusals[1]) {
		t.Errorf("missing: %q", missing)
	}
}
