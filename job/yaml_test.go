package job_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

func TestParseYAML(t *testing.T) {
	j, err := job.ParseYAML("job.yaml", []byte(`
vertices:
  - name: join
    parallelism: 200
    operators:
      - uid: join
      - id: 20BA6B65F97481D5570070DE90E4E791
        uidHash: bc764cd8ddf7a0cff126f51c16239658
        name: map
      - uidHash: 0a448493b4782967b150582570326227
    inputs:
      - {from: source, partitioner: hash}
      - {from: e5a72f353fc1e6bbf3bd96a41384998c, partitioner: broadcast}
  - id: e5a72f353fc1e6bbf3bd96a41384998c
    name: source
    parallelism: 2
    maxParallelism: 2147483647
    operators: [{uid: source}]
`))
	if err != nil {
		t.Fatal(err)
	}
	join, source := j.Vertex(0), j.Vertex(1)
	if got, want := join.MaxParallelism, int32(512); got != want || j.MaxParallelismConfigured(0) {
		t.Errorf("max parallelism of join = %d, configured %v; want %d by default", got, j.MaxParallelismConfigured(0), want)
	}
	if got, want := source.MaxParallelism, int32(32768); got != want || !j.MaxParallelismConfigured(1) {
		t.Errorf("max parallelism of source = %d; want Integer.MAX_VALUE to become %d", got, want)
	}
	var ids []string
	for _, op := range join.Operators {
		ids = append(ids, op.ID.String()+" "+op.Label())
		if op.UserDefined != nil {
			ids = append(ids, "or "+op.UserDefined.String())
		}
	}
	want := []string{
		checkpoint.OperatorIDFromUID("join").String() + " join",
		"20ba6b65f97481d5570070de90e4e791 map", "or bc764cd8ddf7a0cff126f51c16239658",
		"0a448493b4782967b150582570326227 0a448493b4782967b150582570326227", "or 0a448493b4782967b150582570326227",
	}
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Errorf("operators (-want +got):\n%s", diff)
	}
	wantInputs := []job.Input{
		{From: 1, Output: 0, Pattern: job.AllToAll, Upstream: job.Arbitrary, Downstream: job.Range},
		{From: 1, Output: 1, Pattern: job.AllToAll, Upstream: job.Unsupported, Downstream: job.Unsupported},
	}
	if diff := cmp.Diff(wantInputs, join.Inputs); diff != "" {
		t.Errorf("inputs (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]job.Output{{To: 0, Gate: 0}, {To: 0, Gate: 1}}, j.Outputs(1)); diff != "" {
		t.Errorf("outputs (-want +got):\n%s", diff)
	}
}

func TestParseYAMLErrors(t *testing.T) {
	for name, test := range map[string]struct{ yaml, want string }{
		"empty":           {"", "job.yaml: want one YAML document with a list of vertices"},
		"no vertices":     {"vertices: []", "job.yaml: job: has no vertices"},
		"two documents":   {"vertices: []\n---\nvertices: []\n", "job.yaml: want one YAML document with a list of vertices"},
		"broken":          {"vertices: [", `job.yaml:1:11: sequence end token ']' not found`},
		"unknown field":   {"vertices:\n  - paralelism: 3\n", `job.yaml:2:5: unknown field "paralelism"`},
		"unknown at top":  {"vertexes: []\n", `job.yaml:1:1: unknown field "vertexes"`},
		"duplicate field": {"vertices:\n  - name: a\n    name: b\n", `job.yaml:3:5: mapping key "name" already defined at [2:5]`},
		"wrong type": {
			"vertices:\n  - parallelism: many\n",
			`job.yaml:2:18: "many" is not a whole number`,
		},
		"number too large": {
			"vertices:\n  - parallelism: 3000000000\n",
			`job.yaml:2:18: cannot unmarshal 3000000000 into Go value of type int32 ( overflow )`,
		},
		"list for fields": {"vertices:\n  - parallelism: 1\n    operators: {uid: a}\n", `job.yaml:3:16: mapping was used where sequence is expected`},
		"text for fields": {"vertices:\n  - orders\n", `job.yaml:2:5: string was used where mapping is expected`},
		"no parallelism": {
			"vertices:\n  - name: a\n    operators: [{uid: a}]\n",
			"job.yaml:2:5: vertices[0]: parallelism is missing",
		},
		"parallelism out of bounds": {
			"vertices:\n  - parallelism: 40000\n    operators: [{uid: a}]\n",
			"job.yaml:2:18: vertices[0].parallelism: parallelism is 40000, but must be 1 to 32768",
		},
		"parallelism above max": {
			"vertices:\n  - parallelism: 4\n    maxParallelism: 3\n    operators: [{uid: a}]\n",
			"job.yaml:2:18: vertices[0].parallelism: 4 is higher than the max parallelism 3; lower the one or raise the other",
		},
		"max parallelism zero": {
			"vertices:\n  - parallelism: 4\n    maxParallelism: 0\n    operators: [{uid: a}]\n",
			"job.yaml:3:21: vertices[0].maxParallelism: is 0; leave it out for the default",
		},
		"no operators": {
			"vertices:\n  - parallelism: 4\n",
			"job.yaml:2:5: vertices[0].operators: a vertex needs at least one operator",
		},
		"nameless operator": {
			"vertices:\n  - parallelism: 4\n    operators: [{name: a}]\n",
			"job.yaml:3:18: vertices[0].operators[0]: needs one of uid, uidHash and id to be found in a checkpoint",
		},
		"bad hex": {
			"vertices:\n  - parallelism: 4\n    operators: [{id: abc}]\n",
			`job.yaml:3:22: vertices[0].operators[0].id: id "abc": want 32 hex digits, got 3 characters`,
		},
		"id against uid": {
			"vertices:\n  - parallelism: 4\n    operators: [{uid: source, id: 20ba6b65f97481d5570070de90e4e791}]\n",
			`job.yaml:3:35: vertices[0].operators[0].id: is not the id of uid "source", which is e5a72f353fc1e6bbf3bd96a41384998c; leave one of them out`,
		},
		"uid twice": {
			"vertices:\n  - parallelism: 4\n    operators:\n      - uid: a\n      - uid: a\n",
			"job.yaml:5:9: vertices[0].operators[1]: id d4f48a5b7b8ef5fbd3d1ee2f5b4ba3e5",
		},
		"unknown input": {
			"vertices:\n  - parallelism: 4\n    operators: [{uid: a}]\n    inputs:\n      - {from: b, partitioner: hash}\n",
			`job.yaml:5:16: vertices[0].inputs[0].from: there is no vertex "b"`,
		},
		"unknown partitioner": {
			"vertices:\n  - parallelism: 4\n    name: a\n    operators: [{uid: a}]\n    inputs:\n      - {from: a, partitioner: hashed}\n",
			`job.yaml:6:32: vertices[0].inputs[0].partitioner: "hashed" is none of hash, rebalance`,
		},
		"no partitioner": {
			"vertices:\n  - parallelism: 4\n    name: a\n    operators: [{uid: a}]\n    inputs: [{from: a}]\n",
			"job.yaml:5:15: vertices[0].inputs[0]: partitioner is missing; it is one of hash",
		},
		"ambiguous input": {
			"vertices:\n  - {name: a, parallelism: 1, operators: [{uid: a}]}\n  - {name: a, parallelism: 1, operators: [{uid: b}], inputs: [{from: a, partitioner: hash}]}\n",
			`vertices[1].inputs[0].from: "a" names several vertices; give them ids, and use those`,
		},
		"output twice": {
			"vertices:\n  - {name: a, parallelism: 1, operators: [{uid: a}]}\n  - {name: b, parallelism: 1, operators: [{uid: b}], inputs: [{from: a, partitioner: hash, output: 1}, {from: a, partitioner: hash, output: 1}]}\n",
			"vertices[1].inputs[1]: output 1 of vertex 0 has another reader",
		},
		"output missing": {
			"vertices:\n  - {name: a, parallelism: 1, operators: [{uid: a}]}\n  - {name: b, parallelism: 1, operators: [{uid: b}], inputs: [{from: a, partitioner: hash, output: 1}]}\n",
			"vertices[0].outputs: output 0 has no reader, but a higher one has",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := job.ParseYAML("job.yaml", []byte(test.yaml))
			if _, ok := errors.AsType[*job.YAMLError](err); !ok {
				t.Fatalf("error is %T %v, want a *YAMLError", err, err)
			}
			if test.want = strings.ReplaceAll(test.want, "d4f48a5b7b8ef5fbd3d1ee2f5b4ba3e5", checkpoint.OperatorIDFromUID("a").String()); !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is\n  %v\nwant\n  %v", err, test.want)
			}
		})
	}
}

// Several problems are told at once, so that a file is mended in one go.
func TestParseYAMLTellsAll(t *testing.T) {
	_, err := job.ParseYAML("job.yaml", []byte("vertices:\n  - operators: [{name: a}]\n    inputs: [{from: b}]\n"))
	if lines := strings.Split(err.Error(), "\n"); len(lines) != 4 {
		t.Errorf("got %d problems, want 4:\n%v", len(lines), err)
	}
}

// The examples of the reference are jobs, and the reference names each partitioner.
func TestJobYAMLReference(t *testing.T) {
	text, err := os.ReadFile("../docs/job-yaml.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := strings.Split(string(text), "```yaml\n")[1:]
	if len(examples) < 3 {
		t.Fatalf("found %d examples, want at least 3", len(examples))
	}
	first, _, _ := strings.Cut(examples[0], "```")
	_, slip := job.ParseYAML("job.yaml", []byte(strings.Replace(first, "parallelism:", "paralelism:", 1)))
	if shown := "```text\n" + slip.Error() + "\n```"; !strings.Contains(string(text), shown) {
		t.Errorf("the reference does not show %s", slip)
	}
	for _, example := range examples {
		example, _, _ = strings.Cut(example, "```")
		if _, err := job.ParseYAML("docs/job-yaml.md", []byte(example)); err != nil {
			t.Errorf("%v in\n%s", err, example)
		}
	}
	for _, p := range job.Partitioners() {
		if !strings.Contains(string(text), "| `"+p.Name+"` |") {
			t.Errorf("partitioner %s is not in the reference", p.Name)
		}
	}
}

func FuzzParseYAML(f *testing.F) {
	f.Add([]byte("vertices:\n  - {name: a, parallelism: 1, operators: [{uid: a}], inputs: [{from: a, partitioner: hash}]}\n"))
	f.Add([]byte("vertices: [{id: &a x}, *a]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		j, err := job.ParseYAML("job.yaml", data)
		if (j == nil) == (err == nil) {
			t.Errorf("job %v with error %v", j, err)
		}
	})
}
