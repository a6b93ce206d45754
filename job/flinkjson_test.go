package job_test

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/job"
)

// flinkRest is what real Flink says of jobs.
const flinkRest = "../testdata/flink-rest/"

func readFlink(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(flinkRest + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func parseFlink(t testing.TB, name string) *job.Job {
	t.Helper()
	data := readFlink(t, name)
	if !job.IsFlinkJSON(data) {
		t.Fatalf("%s is not taken for Flink's", name)
	}
	j, err := job.ParseFlinkJSON(name, data)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// vertexFacts are what two descriptions of a job should agree on.
type vertexFacts struct {
	Name           string
	Parallelism    int32
	MaxParallelism int32
	Inputs         []string // vertex that feeds it, pattern and mappers
}

// What REST says of a job is the job graph that the same release ran, as its own
// classes told it when the snapshots of testdata/flink were made.
func TestParseFlinkJSONAgreesWithJobGraph(t *testing.T) {
	for answer, snapshot := range map[string]string{
		"2.3.0/features.json":       "2.3.0/hashmap-savepoint",
		"2.3.0/features-plan.json":  "2.3.0/hashmap-savepoint",
		"2.3.0/in-flight.json":      "2.3.0/unaligned-checkpoints",
		"2.3.0/finishing.json":      "2.3.0/finished-checkpoints",
		"1.20.5/features.json":      "1.20.5/hashmap-savepoint",
		"1.20.5/features-plan.json": "1.20.5/hashmap-savepoint",
	} {
		t.Run(answer, func(t *testing.T) {
			if diff := cmp.Diff(jobGraph(t, snapshot), factsOf(parseFlink(t, answer))); diff != "" {
				t.Errorf("not the job graph (-graph +REST):\n%s", diff)
			}
		})
	}
}

// jobGraph returns the vertices that ran, by the id of the head.
func jobGraph(t *testing.T, snapshot string) map[string]vertexFacts {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../testdata/flink", snapshot, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var expected struct {
		Job struct {
			Vertices []struct {
				Name                        string
				Parallelism, MaxParallelism int32
				Operators                   []struct{ ID string }
				Inputs                      []struct {
					Source                                    int
					Pattern, UpstreamMapper, DownstreamMapper string
				}
			}
		}
	}
	if err := json.Unmarshal(data, &expected); err != nil {
		t.Fatal(err)
	}
	facts := map[string]vertexFacts{}
	for _, v := range expected.Job.Vertices {
		f := vertexFacts{Name: v.Name, Parallelism: v.Parallelism, MaxParallelism: v.MaxParallelism}
		for _, in := range v.Inputs {
			f.Inputs = append(f.Inputs, strings.Join([]string{expected.Job.Vertices[in.Source].Name, in.Pattern, in.UpstreamMapper, in.DownstreamMapper}, " "))
		}
		facts[v.Operators[len(v.Operators)-1].ID] = f // Flink's order is the reverse of ours
	}
	if len(facts) == 0 {
		t.Fatalf("%s has no vertices", snapshot)
	}
	return facts
}

func factsOf(j *job.Job) map[string]vertexFacts {
	facts := map[string]vertexFacts{}
	for _, v := range j.Vertices() {
		f := vertexFacts{Name: v.Name, Parallelism: v.Parallelism, MaxParallelism: v.MaxParallelism}
		for _, in := range v.Inputs {
			f.Inputs = append(f.Inputs, strings.Join([]string{j.Vertex(in.From).Name, in.Pattern.String(), in.Upstream.String(), in.Downstream.String()}, " "))
		}
		facts[v.Operators[0].ID.String()] = f
	}
	return facts
}

// Every partitioner of the DataStream API is known, but for the name that several share.
func TestParseFlinkJSONPartitioners(t *testing.T) {
	j := parseFlink(t, "2.3.0/partitioners.json")
	want := map[string]job.Input{}
	for _, p := range job.Partitioners() {
		want[p.Name] = p.Input(0)
	}
	seen := 0
	for _, v := range j.Vertices() {
		expected, named := want[v.Name] // the vertex behind the partitioner bears its name
		if !named {
			continue
		}
		seen++
		got := v.Inputs[0]
		got.From, got.Output = 0, 0
		if diff := cmp.Diff(expected, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", v.Name, diff)
		}
	}
	if seen != len(want)-1 { // there is no "sql" in the DataStream API
		t.Errorf("saw %d partitioners, want %d", seen, len(want)-1)
	}
	gaps := map[string]string{}
	for _, gap := range j.Gaps() {
		if gap.Kind == job.GapEdges {
			gaps[j.Vertex(gap.Vertex).Name] = gap.Reason
		}
	}
	wantGaps := map[string]string{
		"custom": `where the partitioner "CUSTOM" moves data in flight is not said`,
		"hash":   "the order of its 2 outputs is not said",
	}
	if diff := cmp.Diff(wantGaps, gaps); diff != "" || j.EdgesKnown() {
		t.Errorf("edges known %v, gaps (-want +got):\n%s", j.EdgesKnown(), diff)
	}
}

// What Flink does not say is a gap, and nothing else is.
func TestParseFlinkJSONGaps(t *testing.T) {
	for answer, want := range map[string]map[int32]int{ // max parallelism told, and of how many
		"2.3.0/features.json":       {128: 4},
		"2.3.0/features-plan.json":  {0: 4},
		"1.20.5/features.json":      {128: 4},
		"1.10.2/features.json":      {0: 3}, // REST has it since 1.13
		"1.10.2/features-plan.json": {0: 3},
	} {
		t.Run(answer, func(t *testing.T) {
			j, got, heads := parseFlink(t, answer), map[int32]int{}, 0
			for _, gap := range j.Gaps() {
				switch gap.Kind {
				case job.GapMaxParallelism:
					got[gap.MaxParallelism]++
				case job.GapOperators:
					heads++
				default:
					t.Errorf("unexpected %+v", gap)
				}
			}
			if !maps.Equal(got, want) || heads != 1 || !j.EdgesKnown() {
				t.Errorf("max parallelism %v, want %v; %d gaps of operators; edges known %v", got, want, heads, j.EdgesKnown())
			}
			for i := range j.Len() {
				if j.MaxParallelismConfigured(i) {
					t.Errorf("vertex %d: takes a max parallelism for chosen, which Flink does not say", i)
				}
			}
		})
	}
}

func TestParseFlinkJSONErrors(t *testing.T) {
	const id = `"91cdfa103de300919b77eb77d4d48c51"`
	for name, test := range map[string]struct{ json, want string }{
		"execution plan": {string(readFlink(t, "2.3.0/features-execution-plan.json")), "numbers operators and has no ids of them; give the job's REST address"},
		"stream graph":   {string(readFlink(t, "2.3.0/features-stream-graph.json")), "numbers operators and has no ids of them"},
		"stream graph alone": {
			`{"stream-graph": {"nodes": []}}`, "is a stream graph",
		},
		"error of REST":       {string(readFlink(t, "2.3.0/error.json")), "error message of Flink: Not found: /jobs/"},
		"no plan":             {`{"jid": "0", "vertices": []}`, "has no plan"},
		"broken":              {`{"plan": 3}`, "not JSON as Flink writes it"},
		"id":                  {`{"nodes": [{"id": ` + id + `, "parallelism": 1}, {"id": "x", "parallelism": 1}]}`, `node "x": the id`},
		"input":               {`{"nodes": [{"id": ` + id + `, "parallelism": 1, "inputs": [{"id": "7"}]}]}`, `there is no node "7"`},
		"parallelism":         {`{"nodes": [{"id": ` + id + `, "parallelism": -1}]}`, "parallelism is -1"},
		"twice":               {`{"nodes": [{"id": ` + id + `, "parallelism": 1}, {"id": ` + id + `, "parallelism": 1}]}`, "is the id of vertex 0 too"},
		"huge parallelism":    {`{"nodes": [{"id": ` + id + `, "parallelism": 99999999999}]}`, "not JSON as Flink writes it"},
		"details with bad id": {`{"plan": {"nodes": []}, "vertices": [{"id": "x"}]}`, "not JSON as Flink writes it"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := job.ParseFlinkJSON("http://host/jobs/1", []byte(test.json))
			if err == nil || !strings.HasPrefix(err.Error(), "http://host/jobs/1: ") || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want %q", err, test.want)
			}
			_, ofFile := errors.AsType[*job.JSONError](err)
			if _, ofJob := errors.AsType[*job.Problem](err); !ofFile && !ofJob {
				t.Errorf("error is a %T", err)
			}
		})
	}
}

func TestIsFlinkJSON(t *testing.T) {
	for text, want := range map[string]bool{
		`{"plan": {}}`:                   true,
		`{"nodes": []}`:                  true,
		`{"errors": []}`:                 true,
		"{vertices: [{parallelism: 1}]}": false,
		`{"vertices": [{"name": "a"}]}`:  false, // YAML in JSON's style
		"vertices:\n  - name: plan\n":    false,
		`["plan"]`:                       false,
		"":                               false,
	} {
		if got := job.IsFlinkJSON([]byte(text)); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

func TestWithParallelism(t *testing.T) {
	j, err := job.New(
		job.Vertex{Name: "chosen", Parallelism: 2, MaxParallelism: 4, Operators: []job.Operator{{UID: "a", ID: [16]byte{1}}}},
		job.Vertex{Name: "open", Parallelism: 2, Operators: []job.Operator{{UID: "b", ID: [16]byte{2}}}, Inputs: []job.Input{{From: 0}}},
	)
	if err != nil {
		t.Fatal(err)
	}
	changed, err := j.WithParallelism([]int32{0, 300})
	if err != nil {
		t.Fatal(err)
	}
	if v := changed.Vertex(0); v.Parallelism != 2 || v.MaxParallelism != 4 || !changed.MaxParallelismConfigured(0) {
		t.Errorf("what was not named became %+v", v)
	}
	if v := changed.Vertex(1); v.Parallelism != 300 || v.MaxParallelism != 512 || changed.MaxParallelismConfigured(1) || len(v.Inputs) != 1 {
		t.Errorf("what was named became %+v", v)
	}
	if _, err := j.WithParallelism([]int32{5}); err == nil || j.Vertex(0).Parallelism != 2 {
		t.Errorf("error %v, and the job has parallelism %d", err, j.Vertex(0).Parallelism)
	}
}

func FuzzParseFlinkJSON(f *testing.F) {
	for _, name := range []string{"2.3.0/features.json", "2.3.0/partitioners.json", "2.3.0/features-execution-plan.json", "1.10.2/features-plan.json"} {
		f.Add(readFlink(f, name))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		j, err := job.ParseFlinkJSON("job.json", data)
		if (j == nil) == (err == nil) {
			t.Errorf("job %v with error %v", j, err)
		}
	})
}
