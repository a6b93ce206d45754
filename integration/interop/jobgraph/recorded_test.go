package jobgraph

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/integration/interop/jobgraph/internal/program"
)

// TestRecorded compares with what Flink 2.3.0 said of the first sixty seeds, where there is
// no Flink to ask:
//
//	java -cp CLASSPATH cairn.jobgraph.Main 1 60 > testdata/flink-2.3.0.jsonl
func TestRecorded(t *testing.T) {
	data, err := os.ReadFile("testdata/flink-2.3.0.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	answers := 0
	for line := range bytes.Lines(data) {
		answer := &program.Answer{}
		if err := decoder(bytes.NewReader(line)).Decode(answer); err != nil {
			t.Fatal(err)
		}
		if difference := compare(answer); difference != "" {
			t.Errorf("seed %d: %s", answer.Seed, difference)
		}
		answers++
	}
	if answers != 60 {
		t.Errorf("read %d answers, want 60", answers)
	}
}

// compare returns where we differ from Flink, or nothing.
func compare(answer *program.Answer) string {
	env, graph, err := answer.Program.Run()
	switch {
	case err != nil && answer.Refused == "":
		return "Flink accepts what we refuse: " + err.Error()
	case err == nil && answer.Refused != "":
		return "we accept what Flink refuses: " + answer.Refused
	case err != nil:
		return ""
	}
	return cmp.Diff(answer.Result, program.Of(env, graph))
}

// A comparison that finds a difference is worth nothing if it finds none where there is one.
func TestDifferencesAreFound(t *testing.T) {
	data, err := os.ReadFile("testdata/flink-2.3.0.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	answer := &program.Answer{}
	if err := json.Unmarshal(data[:bytes.IndexByte(data, '\n')], answer); err != nil || answer.Result == nil {
		t.Fatalf("the first seed: %v, refused %q", err, answer.Refused)
	}
	answer.Result.Coordinator.MinPause++
	if compare(answer) == "" {
		t.Error("a minimum pause that is one longer is no difference")
	}
	answer.Refused = "so it is"
	if compare(answer) == "" {
		t.Error("we may accept what Flink refuses")
	}
}
