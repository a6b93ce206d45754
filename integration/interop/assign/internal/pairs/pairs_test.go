package pairs

import (
	"encoding/json"
	"testing"

	"github.com/cairnstate/cairn/internal/verdict"
)

// TestOf holds that a seed is a pair, always the same, and that most pairs are
// not refused: a generator whose pairs are nonsense tests nothing.
func TestOf(t *testing.T) {
	const count = 500
	different, assigned := map[string]bool{}, 0
	for seed := range uint64(count) {
		text, again := write(t, Of(seed)), write(t, Of(seed))
		if text != again {
			t.Fatalf("seed %d is two pairs", seed)
		}
		different[text] = true
		lines, err := verdict.Of(Of(seed))
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if lines[0][0] != 'r' {
			assigned++
		}
	}
	if len(different) != count || assigned < count/2 {
		t.Errorf("%d of %d pairs are different and %d assigned, want all and half", len(different), count, assigned)
	}
}

func write(t *testing.T, c *verdict.Case) string {
	t.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
