package job_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

func snapshot() *checkpoint.Metadata {
	return &checkpoint.Metadata{Operators: []checkpoint.OperatorState{
		{ID: checkpoint.OperatorIDFromUID("source"), UID: "source", Name: "Source: orders", Parallelism: 2, MaxParallelism: 128},
		{ID: checkpoint.OperatorIDFromUID("count"), Parallelism: 4, MaxParallelism: 64},
		{ID: checkpoint.OperatorIDFromUID("orders sink"), Name: "sink", Parallelism: 4, MaxParallelism: 128},
		{ID: checkpoint.OperatorIDFromUID("other"), Name: "sink", Parallelism: 3, MaxParallelism: 128},
	}}
}

func TestFromMetadata(t *testing.T) {
	for name, test := range map[string]struct {
		wanted job.Parallelism
		want   []int32
	}{
		"as it was": {job.Parallelism{}, []int32{2, 4, 4, 3}},
		"all":       {job.Parallelism{All: 8}, []int32{8, 8, 8, 8}},
		"by uid":    {job.Parallelism{ByOperator: map[string]int32{"source": 5}}, []int32{5, 4, 4, 3}},
		"by uid that is not stored": {
			job.Parallelism{All: 1, ByOperator: map[string]int32{"count": 5}}, []int32{1, 5, 1, 1},
		},
		"uid before name": {job.Parallelism{ByOperator: map[string]int32{"other": 5}}, []int32{2, 4, 4, 5}},
		"by name":         {job.Parallelism{ByOperator: map[string]int32{"Source: orders": 5}}, []int32{5, 4, 4, 3}},
		"by id": {
			job.Parallelism{ByOperator: map[string]int32{checkpoint.OperatorIDFromUID("orders sink").String(): 5}}, []int32{2, 4, 5, 3},
		},
	} {
		t.Run(name, func(t *testing.T) {
			j, err := job.FromMetadata(snapshot(), test.wanted)
			if err != nil {
				t.Fatal(err)
			}
			var got []int32
			for i, v := range j.Vertices() {
				got = append(got, v.Parallelism)
				if len(v.Operators) != 1 || len(v.Inputs) != 0 || j.MaxParallelismConfigured(i) {
					t.Errorf("vertex %d: %+v", i, v)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" || j.EdgesKnown() {
				t.Errorf("edges known: %v, parallelism (-want +got):\n%s", j.EdgesKnown(), diff)
			}
		})
	}
}

func TestFromMetadataRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		wanted job.Parallelism
		want   string
	}{
		"nobody":      {job.Parallelism{ByOperator: map[string]int32{"nobody": 1}}, `no operator with uid, id or name "nobody"`},
		"two sinks":   {job.Parallelism{ByOperator: map[string]int32{"sink": 1}}, `2 operators are named "sink"`},
		"parallelism": {job.Parallelism{All: 40000}, "parallelism is 40000"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := job.FromMetadata(snapshot(), test.wanted)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want %q", err, test.want)
			}
		})
	}
	if _, err := job.FromMetadata(&checkpoint.Metadata{}, job.Parallelism{}); err == nil {
		t.Error("made a job of a checkpoint without operators")
	}
	md := snapshot()
	md.Operators[2].ID = md.Operators[1].ID
	_, err := job.FromMetadata(md, job.Parallelism{})
	if !errors.Is(err, job.ErrOperatorTwice) || !strings.Contains(err.Error(), "2 and 3 of 4 have the id "+md.Operators[1].ID.String()) {
		t.Errorf("of a checkpoint with an operator twice: %v", err)
	}
}

// TestFromMetadataKeepsIDs: what lies under an id that its writer forgot must be found
// under that.
func TestFromMetadataKeepsIDs(t *testing.T) {
	md := snapshot()
	md.Operators[0].ID = checkpoint.OperatorID{}
	j, err := job.FromMetadata(md, job.Parallelism{})
	if err != nil {
		t.Fatal(err)
	}
	rescaled, err := j.WithParallelism([]int32{3, 3, 3, 3})
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range []*job.Job{j, rescaled} {
		if vertex, known := j.VertexOf(checkpoint.OperatorID{}); vertex != 0 || !known {
			t.Errorf("the operator without an id is of vertex %d, %v", vertex, known)
		}
	}
}
