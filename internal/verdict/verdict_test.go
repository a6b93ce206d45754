package verdict

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/restore"
)

func someCase() *Case {
	hash := checkpoint.OperatorIDFromUID("hash")
	id := checkpoint.OperatorIDFromUID("a")
	file := &metadata.File{Version: metadata.CurrentVersion, Metadata: checkpoint.Metadata{CheckpointID: 5}}
	file.Operators = []checkpoint.OperatorState{{ID: hash, Parallelism: 1, MaxParallelism: 4}}
	return &Case{
		Note: "why", Checkpoint: file, AllowNonRestored: true, RecoverOutputDownstream: true, Peculiarities: restore.Peculiarities{FirstEdge: true}, Pointer: "file:/p",
		Order: []int{1, 0}, Flink: []string{"0: not restored"},
		Vertices: []job.Vertex{
			{ID: checkpoint.JobVertexID(id), Parallelism: 2, MaxParallelism: 4, Operators: []job.Operator{{ID: id, UserDefined: &hash}}},
			{
				ID: checkpoint.JobVertexID(hash), Parallelism: 1, Operators: []job.Operator{{ID: checkpoint.OperatorIDFromUID("b")}},
				Inputs: []job.Input{{Pattern: job.Pointwise, Upstream: job.Full, Downstream: job.Range}, {Output: 1, Downstream: job.Unsupported}},
			},
		},
	}
}

// TestCaseRoundTrip also holds that a case says all of itself: what is lost would
// be judged differently by Flink.
func TestCaseRoundTrip(t *testing.T) {
	data, err := json.Marshal(someCase())
	if err != nil {
		t.Fatal(err)
	}
	var got Case
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(&got)
	if err != nil || string(again) != string(data) {
		t.Errorf("%s becomes %s, error %v", data, again, err)
	}
	if diff := cmp.Diff(someCase().Vertices, got.Vertices); diff != "" {
		t.Errorf("vertices (-want +got):\n%s", diff)
	}
}

func TestBrokenCase(t *testing.T) {
	for _, text := range []string{
		`{`,
		`{"checkpoint": "AAAA"}`,
		`{"checkpoint": "SWBnLQAAAAYAAAAAAAAABQAAAAAAAAAAAA==", "vertices": [{"inputs": [{"upstream": "SIDEWAYS"}]}]}`,
	} {
		var c Case
		if err := json.Unmarshal([]byte(text), &c); err == nil {
			t.Errorf("%s is read as %+v", text, c)
		}
	}
}

func TestNoJob(t *testing.T) {
	c := someCase()
	c.Vertices[0].Parallelism = 0
	if lines, err := Of(c); err == nil {
		t.Errorf("a job of no subtasks is judged: %q", lines)
	}
}

func TestRefused(t *testing.T) {
	c := someCase()
	c.Vertices[0].MaxParallelism = 8
	want := []string{"refused to validate: max parallelism mismatch"}
	if got, err := Of(c); err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, error %v; want %q", got, err, want)
	}
}
