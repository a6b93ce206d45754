package restore_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/internal/verdict"
)

// TestFlinksVerdicts restores pairs that Flink 2.3.0 has judged: some that cairn
// once judged differently, and for each rule of state assignment the smallest that
// is about it (integration/interop/assign/record).
func TestFlinksVerdicts(t *testing.T) {
	text, err := os.ReadFile("testdata/pairs.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for line := range bytes.Lines(text) {
		var c verdict.Case
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatalf("line %d: %v", count+1, err)
		}
		count++
		got, err := verdict.Of(&c)
		if err != nil {
			t.Fatalf("%s: %v", c.Note, err)
		}
		if diff := cmp.Diff(c.Flink, got); diff != "" {
			t.Errorf("%s (-Flink +cairn):\n%s", c.Note, diff)
		}
	}
	if count < 40 {
		t.Errorf("%d pairs, want at least 40", count)
	}
}
