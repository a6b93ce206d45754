package shrink

import (
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/integration/interop/assign/internal/pairs"
	"github.com/cairnstate/cairn/internal/verdict"
)

// TestWhile looks for one thing in random pairs, and wants nothing else to be left.
func TestWhile(t *testing.T) {
	found := 0
	for seed := range uint64(60) {
		c := pairs.Of(seed)
		if !hasUnion(c) {
			continue
		}
		found++
		small := While(c, hasUnion)
		if !hasUnion(small) {
			t.Fatalf("seed %d: what was looked for is gone", seed)
		}
		if !hasUnion(c) {
			t.Fatalf("seed %d: the pair itself was changed", seed)
		}
		if n := len(small.Checkpoint.Operators); n != 1 || len(small.Vertices) != 0 {
			t.Errorf("seed %d: %d operators and %d vertices are left, want 1 and 0", seed, n, len(small.Vertices))
		}
		if subtasks := small.Checkpoint.Operators[0].Subtasks; len(subtasks) != 1 {
			t.Errorf("seed %d: %d subtasks are left, want 1", seed, len(subtasks))
		}
	}
	if found < 5 {
		t.Errorf("%d pairs had union state, want at least 5", found)
	}
}

func hasUnion(c *verdict.Case) bool {
	for _, list := range lists(c) {
		for _, p := range *list {
			if p.Mode == checkpoint.Union {
				return true
			}
		}
	}
	return false
}
