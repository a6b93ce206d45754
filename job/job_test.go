package job_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

func TestNew(t *testing.T) {
	hash, _ := job.PartitionerNamed("hash")
	userDefined := checkpoint.OperatorIDFromUID("old")
	vertices := []job.Vertex{
		{Name: "a", Parallelism: 2, Operators: []job.Operator{{ID: checkpoint.OperatorIDFromUID("a"), UserDefined: &userDefined}}},
		{Name: "b", Parallelism: 3, MaxParallelism: 3, Operators: []job.Operator{
			{ID: checkpoint.OperatorIDFromUID("b")}, {ID: checkpoint.OperatorIDFromUID("c")},
		}, Inputs: []job.Input{hash.Input(0), hash.Input(0)}},
	}
	j, err := job.New(vertices...)
	if err != nil {
		t.Fatal(err)
	}
	if j.Len() != 2 || !j.EdgesKnown() || j.MaxParallelismConfigured(0) || !j.MaxParallelismConfigured(1) {
		t.Errorf("job of %d vertices, edges known %v, max parallelism configured %v %v",
			j.Len(), j.EdgesKnown(), j.MaxParallelismConfigured(0), j.MaxParallelismConfigured(1))
	}
	if got, want := j.Vertex(1).ID, checkpoint.JobVertexID(checkpoint.OperatorIDFromUID("b")); got != want {
		t.Errorf("vertex id = %s, want that of the head, %s", got, want)
	}
	for uid, want := range map[string]int{"a": 0, "old": 0, "b": 1, "c": 1} {
		if got, ok := j.VertexOf(checkpoint.OperatorIDFromUID(uid)); !ok || got != want {
			t.Errorf("vertex of %s = %d, %v; want %d", uid, got, ok, want)
		}
	}
	if _, ok := j.VertexOf(checkpoint.OperatorIDFromUID("stranger")); ok {
		t.Error("found a vertex for an operator that is not there")
	}
	if diff := cmp.Diff([]job.Output{{To: 1, Gate: 0}, {To: 1, Gate: 1}}, j.Outputs(0)); diff != "" {
		t.Errorf("outputs (-want +got):\n%s", diff)
	}
	vertices[1].Operators[0].Name = "changed"
	vertices[1].Inputs[0].From = 1
	if j.Vertex(1).Operators[0].Name != "" || j.Vertex(1).Inputs[0].From != 0 {
		t.Error("the job changed with the vertices that it was made of")
	}
}

// TestOperatorsFindTheirIDs: a uid is enough in Go too, as it is in a job.yaml.
func TestOperatorsFindTheirIDs(t *testing.T) {
	hash, id := checkpoint.OperatorIDFromUID("hash"), checkpoint.OperatorIDFromUID("id")
	given := []job.Vertex{{Parallelism: 1, Operators: []job.Operator{
		{UID: "a"}, {UID: "b"}, {UID: "c", ID: id}, {UserDefined: &hash},
	}}}
	want := []checkpoint.OperatorID{checkpoint.OperatorIDFromUID("a"), checkpoint.OperatorIDFromUID("b"), id, hash}
	j, err := job.New(given...)
	if err != nil {
		t.Fatal(err)
	}
	for i, op := range j.Vertex(0).Operators {
		if vertex, known := j.VertexOf(want[i]); op.ID != want[i] || vertex != 0 || !known {
			t.Errorf("operator %d has id %s, want %s", i, op.ID, want[i])
		}
	}
	if got := j.Vertex(0).ID; got != checkpoint.JobVertexID(want[0]) {
		t.Errorf("vertex id %s, want that of the head", got)
	}
	if given[0].Operators[0].ID != (checkpoint.OperatorID{}) {
		t.Error("New changed what it was given")
	}
}

func TestNewRefuses(t *testing.T) {
	op := func(uid string) []job.Operator { return []job.Operator{{ID: checkpoint.OperatorIDFromUID(uid)}} }
	hash := checkpoint.OperatorIDFromUID("hash")
	withHash := func(uid string) []job.Operator {
		return []job.Operator{{ID: checkpoint.OperatorIDFromUID(uid), UserDefined: &hash}}
	}
	id := checkpoint.JobVertexID{1}
	for name, test := range map[string]struct {
		vertices []job.Vertex
		want     string
	}{
		"nothing":                   {nil, "job: has no vertices"},
		"no parallelism":            {[]job.Vertex{{Name: "a", Operators: op("a")}}, `job: vertex "a": parallelism: parallelism is 0`},
		"negative max parallelism":  {[]job.Vertex{{Parallelism: 1, MaxParallelism: -1, Operators: op("a")}}, "job: vertex 0: maxParallelism: max parallelism is -1"},
		"max parallelism too large": {[]job.Vertex{{Parallelism: 1, MaxParallelism: 32769, Operators: op("a")}}, "32769, but must be 1 to 32768"},
		"huge parallelism":          {[]job.Vertex{{Parallelism: math.MaxInt32, Operators: op("a")}}, "2147483647, but must be 1 to 32768"},
		"operator twice":            {[]job.Vertex{{Parallelism: 1, Operators: op("a")}, {ID: id, Parallelism: 1, Operators: op("a")}}, "belongs to an operator of vertex 0 too"},
		"no ids":                    {[]job.Vertex{{Parallelism: 1, Operators: []job.Operator{{Name: "a"}, {Name: "b"}}}}, "operators[1]: has no id, as an operator of vertex 0; set UID, ID or UserDefined"},
		"uid twice":                 {[]job.Vertex{{Parallelism: 1, Operators: []job.Operator{{UID: "a"}, {UID: "a"}}}}, "a uid must be unique in a job"},
		"uid hash twice":            {[]job.Vertex{{Parallelism: 1, Operators: withHash("a")}, {Parallelism: 1, Operators: withHash("b")}}, "uid hash " + hash.String()},
		"vertex twice":              {[]job.Vertex{{ID: id, Parallelism: 1, Operators: op("a")}, {ID: id, Parallelism: 1, Operators: op("b")}}, "is the id of vertex 0 too"},
		"input from nowhere":        {[]job.Vertex{{Parallelism: 1, Operators: op("a"), Inputs: []job.Input{{From: 1}}}}, "there is no vertex 1"},
		"input from before":         {[]job.Vertex{{Parallelism: 1, Operators: op("a"), Inputs: []job.Input{{From: -1}}}}, "there is no vertex -1"},
		"negative output":           {[]job.Vertex{{Parallelism: 1, Operators: op("a"), Inputs: []job.Input{{Output: -1}}}}, "output -1 is negative"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := job.New(test.vertices...)
			if _, ok := errors.AsType[*job.Problem](err); !ok || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want a *Problem with %q", err, test.want)
			}
		})
	}
}

func TestNames(t *testing.T) {
	for got, want := range map[string]string{
		job.AllToAll.String():               "ALL_TO_ALL",
		job.Pointwise.String():              "POINTWISE",
		job.Unsupported.String():            "UNSUPPORTED",
		job.RoundRobin.String():             "ROUND_ROBIN",
		job.SubtaskStateMapper(9).String():  "SubtaskStateMapper(9)",
		(&job.Operator{UID: "u"}).Label():   "u",
		(&job.Operator{Name: "n"}).Label():  "n",
		(&job.Operator{}).Label():           strings.Repeat("0", 32),
		(&job.Problem{Vertex: -1}).Error():  "job: ",
		(&job.YAMLError{File: "f"}).Error(): "f: ",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
