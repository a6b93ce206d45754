//go:build interop

package assign

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/cairnstate/cairn/internal/verdict"
)

// TestRecorded asks Flink again what it is said to have said of the pairs that
// restore is held to where there is no Flink.
func TestRecorded(t *testing.T) {
	text, err := os.ReadFile("../../../restore/testdata/pairs.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	j := startJudge(t)
	for line := range bytes.Lines(text) {
		var c verdict.Case
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatal(err)
		}
		got, err := j.Verdict(&c)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, c.Flink) {
			t.Errorf("%s: Flink says %q; recorded is %q", c.Note, got, c.Flink)
		}
	}
}
