package integration_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

// flinkCase is a run of a job on real Flink: what it left behind, and what
// expected.json, by Flink's own classes, says of it.
type flinkCase struct {
	name      string // "2.3.0/hashmap-savepoint"
	MadeAt    string // where its directory was when Flink wrote absolute paths
	Job       struct{ Vertices []flinkVertex }
	Snapshots []flinkSnapshot
}

// flinkVertex has its operators in the order of JobVertex.getOperatorIDs: the
// head of the chain last.
type flinkVertex struct {
	Name           string
	Parallelism    int32
	MaxParallelism int32
	Operators      []struct {
		ID            string
		UserDefinedID *string
		UID, Name     string
	}
	Inputs []struct {
		Source      int
		Partitioner string
	}
}

type flinkSnapshot struct {
	Pointer      string // below the directory of the case
	CheckpointID int64
	MasterStates []masterState
	Files        []struct {
		Path  string
		Bytes int64
	}
}

type masterState struct{ Name string }

const flinkData = "../testdata/flink"

// flinkCases returns all that there are.
func flinkCases(t *testing.T) []flinkCase {
	t.Helper()
	names, err := filepath.Glob(flinkData + "/*/*/expected.json")
	if err != nil || len(names) < 8 {
		t.Fatalf("%d cases in %s, %v; make flink-data makes them", len(names), flinkData, err)
	}
	cases := make([]flinkCase, len(names))
	for i, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &cases[i]); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		dir := filepath.ToSlash(filepath.Dir(name))
		cases[i].name = strings.TrimPrefix(dir, flinkData+"/")
	}
	return cases
}

// caseNamed returns one case.
func caseNamed(t *testing.T, name string) flinkCase {
	t.Helper()
	cases := flinkCases(t)
	i := slices.IndexFunc(cases, func(c flinkCase) bool { return c.name == name })
	if i < 0 {
		t.Fatalf("there is no case %s in %s", name, flinkData)
	}
	return cases[i]
}

// files yields the files of the case by their paths below its directory.
func (c *flinkCase) files(t *testing.T) map[string][]byte {
	t.Helper()
	files := make(map[string][]byte)
	root := os.DirFS(path.Join(flinkData, c.name))
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files[name], err = fs.ReadFile(root, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// job returns the case's own job graph, each vertex at the parallelism that scale
// makes of its own.
func (c *flinkCase) job(t *testing.T, scale func(int32) int32) *job.Job {
	t.Helper()
	return newJob(t, c.vertices(t, scale))
}

func newJob(t *testing.T, vertices []job.Vertex) *job.Job {
	t.Helper()
	j, err := job.New(vertices...)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func (c *flinkCase) vertices(t *testing.T, scale func(int32) int32) []job.Vertex {
	t.Helper()
	var vertices []job.Vertex
	for _, v := range c.Job.Vertices {
		vertices = append(vertices, v.vertex(t, scale))
	}
	return vertices
}

func (v *flinkVertex) vertex(t *testing.T, scale func(int32) int32) job.Vertex {
	t.Helper()
	vertex := job.Vertex{Name: v.Name, Parallelism: min(scale(v.Parallelism), v.MaxParallelism)}
	for _, o := range slices.Backward(v.Operators) {
		operator := job.Operator{ID: operatorID(t, o.ID), UID: o.UID, Name: o.Name}
		if o.UserDefinedID != nil {
			id := operatorID(t, *o.UserDefinedID)
			operator.UserDefined = &id
		}
		vertex.Operators = append(vertex.Operators, operator)
	}
	for _, in := range v.Inputs {
		partitioner, ok := job.PartitionerNamed(strings.ToLower(in.Partitioner))
		if !ok {
			t.Fatalf("vertex %q has the partitioner %q, which job does not know", v.Name, in.Partitioner)
		}
		vertex.Inputs = append(vertex.Inputs, partitioner.Input(in.Source))
	}
	return vertex
}

func operatorID(t *testing.T, text string) checkpoint.OperatorID {
	t.Helper()
	id, err := checkpoint.ParseOperatorID(text)
	if err != nil {
		t.Fatal(err)
	}
	return id
}
