//go:build interop

package assign

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/integration/interop/assign/internal/excuse"
	"github.com/cairnstate/cairn/internal/verdict"
	"github.com/cairnstate/cairn/job"
)

const testdata = "../../../testdata/flink"

// realJob is the job of an expected.json: that which took the snapshots beside it.
type realJob struct {
	Job struct {
		Vertices []struct {
			Parallelism    int32
			MaxParallelism int32
			Operators      []struct {
				ID            checkpoint.OperatorID
				UserDefinedID *checkpoint.OperatorID
			}
			Inputs []struct {
				Source           int
				Pattern          string
				UpstreamMapper   string
				DownstreamMapper string
			}
		}
	}
}

// parallelisms are what a job is restored at.
var parallelisms = map[string]func(int32) int32{
	"same":   func(p int32) int32 { return p },
	"half":   func(p int32) int32 { return max(p/2, 1) },
	"double": func(p int32) int32 { return 2 * p },
	"odd":    func(p int32) int32 { return 2*p + 3 },
}

// TestReal has Flink and cairn assign what Flink wrote, all releases of it.
func TestReal(t *testing.T) {
	files := realFiles(t)
	if len(files) < 50 {
		t.Fatalf("found %d snapshots below %s, want at least 50", len(files), testdata)
	}
	b := bench{Judge: startJudge(t)}
	compared, assigned := 0, 0
	for _, file := range files {
		real := readJob(t, file)
		for name, change := range parallelisms {
			for _, configured := range []bool{true, false} {
				c := real.at(change, configured)
				c.Checkpoint, c.Pointer = decode(t, file), filepath.Dir(file)
				ours, theirs, excused := b.both(t, c)
				if ours == nil || excused == excuse.None && !slices.Equal(ours, theirs) {
					t.Errorf("%s at %s parallelism, max parallelism configured: %v", file, name, configured)
					b.tell(t, file, c)
				}
				compared++
				if ours != nil && ours[0][0] != 'r' {
					assigned++
				}
			}
		}
	}
	t.Logf("%d snapshots: %d restores compared, of which %d are not refused", len(files), compared, assigned)
	if assigned < compared/2 {
		t.Errorf("%d of %d restores are refused; that proves little", compared-assigned, compared)
	}
}

func realFiles(t *testing.T) (files []string) {
	t.Helper()
	root, err := filepath.Abs(testdata)
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err == nil && entry.Name() == "_metadata" {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// decode reads a snapshot. Flink cannot read two layouts of its own any more; what
// is in those is written anew for it, in the layout of today.
func decode(t *testing.T, path string) *metadata.File {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := metadata.Decode(data, nil)
	if err != nil {
		t.Fatal(err)
	}
	file.EarlyChannelState, file.EarlyChangelog = false, false
	return file
}

// readJob looks for the expected.json above a snapshot.
func readJob(t *testing.T, file string) (real realJob) {
	t.Helper()
	for dir := filepath.Dir(file); len(dir) > 1; dir = filepath.Dir(dir) {
		data, err := os.ReadFile(filepath.Join(dir, "expected.json"))
		if err != nil {
			continue
		}
		if err := json.Unmarshal(data, &real); err != nil {
			t.Fatalf("%s: %v", dir, err)
		}
		return real
	}
	t.Fatalf("%s: no expected.json above it", file)
	return real
}

// at returns the job at another parallelism. If the max parallelism is not
// configured, Flink and cairn have to find it in the checkpoint.
func (real realJob) at(change func(int32) int32, configured bool) *verdict.Case {
	c := &verdict.Case{}
	outputs := make([]int, len(real.Job.Vertices))
	for _, from := range real.Job.Vertices {
		v := job.Vertex{Parallelism: min(change(from.Parallelism), from.MaxParallelism)}
		if configured {
			v.MaxParallelism = from.MaxParallelism
		}
		for _, op := range slices.Backward(from.Operators) { // Flink lists a chain from its tail
			v.Operators = append(v.Operators, job.Operator{ID: op.ID, UserDefined: op.UserDefinedID})
		}
		for _, edge := range from.Inputs {
			in := job.Input{From: edge.Source, Output: outputs[edge.Source], Upstream: mapper(edge.UpstreamMapper), Downstream: mapper(edge.DownstreamMapper)}
			outputs[edge.Source]++
			if edge.Pattern == job.Pointwise.String() {
				in.Pattern = job.Pointwise
			}
			v.Inputs = append(v.Inputs, in)
		}
		c.Vertices = append(c.Vertices, v)
	}
	return c
}

// mapper is that of a name; releases that had none yet scattered at will.
func mapper(name string) job.SubtaskStateMapper {
	for m := job.Arbitrary; m <= job.Unsupported; m++ {
		if m.String() == name {
			return m
		}
	}
	return job.Arbitrary
}
