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

// The values that Flink gives; computed with its classes.
func TestDefaultMaxParallelism(t *testing.T) {
	for parallelism, want := range map[int32]int32{
		1: 128, 85: 128, 86: 256, 170: 256, 171: 256, 172: 512, 341: 512, 342: 1024, 1000: 2048, 20000: 32768, 32768: 32768,
	} {
		if got := job.DefaultMaxParallelism(parallelism); got != want {
			t.Errorf("default max parallelism of %d = %d, want %d", parallelism, got, want)
		}
	}
}

func TestKeyGroupsOf(t *testing.T) {
	for _, test := range []struct {
		maxParallelism, parallelism int32
		want                        string
	}{
		{128, 2, "[0, 63] [64, 127]"},
		{128, 3, "[0, 42] [43, 85] [86, 127]"},
		{128, 4, "[0, 31] [32, 63] [64, 95] [96, 127]"},
		{128, 5, "[0, 25] [26, 51] [52, 76] [77, 102] [103, 127]"},
		{10, 3, "[0, 3] [4, 6] [7, 9]"},
		{10, 4, "[0, 2] [3, 4] [5, 7] [8, 9]"},
	} {
		var got []string
		for i := range test.parallelism {
			got = append(got, job.KeyGroupsOf(test.maxParallelism, test.parallelism, i).String())
		}
		if got := strings.Join(got, " "); got != test.want {
			t.Errorf("%d key groups over %d subtasks: %s, want %s", test.maxParallelism, test.parallelism, got, test.want)
		}
	}
}

// Ranges partition the key groups, and OwnerOf is the inverse of KeyGroupsOf.
func TestKeyGroupsArePartitioned(t *testing.T) {
	for maxParallelism := int32(1); maxParallelism <= 200; maxParallelism++ {
		for parallelism := int32(1); parallelism <= maxParallelism; parallelism++ {
			checkPartition(t, maxParallelism, parallelism)
		}
	}
	for _, parallelism := range []int32{1, 2, 1000, 1500, 8192, 32767, 32768} {
		checkPartition(t, 32768, parallelism)
	}
}

func checkPartition(t *testing.T, maxParallelism, parallelism int32) {
	next := int32(0)
	for i := range parallelism {
		r := job.KeyGroupsOf(maxParallelism, parallelism, i)
		if r.Start != next || r.Empty() {
			t.Fatalf("%d/%d: range %d is %s, want it to begin at %d", maxParallelism, parallelism, i, r, next)
		}
		for keyGroup := r.Start; keyGroup <= r.Last(); keyGroup++ {
			if owner := job.OwnerOf(maxParallelism, parallelism, keyGroup); owner != i {
				t.Fatalf("%d/%d: owner of %d is %d, but it is in range %d", maxParallelism, parallelism, keyGroup, owner, i)
			}
		}
		next = r.Last() + 1
	}
	if next != maxParallelism {
		t.Fatalf("%d/%d: ranges end at %d", maxParallelism, parallelism, next)
	}
}

func TestOperatorIDOfUID(t *testing.T) {
	for uid, want := range map[string]string{
		"my-uid":       "8409efe6adc6d20787611f16017c808f",
		"source":       "e5a72f353fc1e6bbf3bd96a41384998c",
		"kafka-source": "61252f73469d3ffba207c548d29a0267",
		"uid-1":        "c49f9afd6c708fcc3cdcba1bd00469ba",
		"\u00e9":       "e863d411a47a18c93f7ecadf6bc7657e",
	} {
		if got := job.OperatorIDOfUID(uid).String(); got != want {
			t.Errorf("id of uid %q = %s, want %s", uid, got, want)
		}
	}
}

func TestNew(t *testing.T) {
	hash, _ := job.PartitionerNamed("hash")
	userDefined := job.OperatorIDOfUID("old")
	vertices := []job.Vertex{
		{Name: "a", Parallelism: 2, Operators: []job.Operator{{ID: job.OperatorIDOfUID("a"), UserDefined: &userDefined}}},
		{Name: "b", Parallelism: 3, MaxParallelism: 3, Operators: []job.Operator{
			{ID: job.OperatorIDOfUID("b")}, {ID: job.OperatorIDOfUID("c")},
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
	if got, want := j.Vertex(1).ID, checkpoint.JobVertexID(job.OperatorIDOfUID("b")); got != want {
		t.Errorf("vertex id = %s, want that of the head, %s", got, want)
	}
	for uid, want := range map[string]int{"a": 0, "old": 0, "b": 1, "c": 1} {
		if got, ok := j.VertexOf(job.OperatorIDOfUID(uid)); !ok || got != want {
			t.Errorf("vertex of %s = %d, %v; want %d", uid, got, ok, want)
		}
	}
	if _, ok := j.VertexOf(job.OperatorIDOfUID("stranger")); ok {
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

func TestNewRefuses(t *testing.T) {
	op := func(uid string) []job.Operator { return []job.Operator{{ID: job.OperatorIDOfUID(uid)}} }
	hash := job.OperatorIDOfUID("hash")
	withHash := func(uid string) []job.Operator {
		return []job.Operator{{ID: job.OperatorIDOfUID(uid), UserDefined: &hash}}
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
