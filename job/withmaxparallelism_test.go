package job_test

import (
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

// The job that was restored is the same job: only its max parallelisms differ, and
// who chose them does not.
func TestWithMaxParallelism(t *testing.T) {
	hash, _ := job.PartitionerNamed("hash")
	j, err := job.New(
		job.Vertex{Parallelism: 2, Operators: []job.Operator{{ID: checkpoint.OperatorIDFromUID("a")}}},
		job.Vertex{Parallelism: 3, MaxParallelism: 7, Operators: []job.Operator{{ID: checkpoint.OperatorIDFromUID("b")}}, Inputs: []job.Input{hash.Input(0)}},
	)
	if err != nil {
		t.Fatal(err)
	}
	restored := j.WithMaxParallelism([]int32{64, 7})
	if got := restored.Vertex(0).MaxParallelism; got != 64 {
		t.Errorf("max parallelism = %d, want the restored 64", got)
	}
	if restored.MaxParallelismConfigured(0) || !restored.MaxParallelismConfigured(1) {
		t.Error("what the user chose has changed")
	}
	if got := j.Vertex(0).MaxParallelism; got != 128 {
		t.Errorf("the job that it was made of changed too: max parallelism = %d, want 128", got)
	}
	if vertex, ok := restored.VertexOf(checkpoint.OperatorIDFromUID("b")); !ok || vertex != 1 || len(restored.Outputs(0)) != 1 {
		t.Error("operators and edges are not there any more")
	}
}
