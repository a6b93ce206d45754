//go:build interop && unix

package assign

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/cairnstate/cairn/integration/interop/assign/internal/cluster"
	"github.com/cairnstate/cairn/internal/verdict"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/restore"
)

// made is where all test data was made, and where running Flink looks for it:
// checkpoints hold absolute paths.
const made = "/tmp/cairn-flink-data"

// changes are the parallelisms that a running job is restored at.
var changes = []string{"same", "half", "double", "odd"}

// TestRunning has a running Flink restore what Flink wrote, and compares what each
// of its tasks is told, and what its state backends then hold, with what cairn
// assigns. CAIRN_RELEASES names releases of testdata/flink, "all" is all of them.
func TestRunning(t *testing.T) {
	lockMade(t)
	c, err := cluster.Start(context.WithoutCancel(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Errorf("the cluster ended badly: %v", err)
		}
	})
	restored, keys := 0, 0
	for _, file := range realFiles(t) {
		snapshot := snapshotOf(t, file)
		if !chosen(snapshot.release) {
			continue
		}
		t.Run(snapshot.String(), func(t *testing.T) {
			if why, known := cannot[snapshot.release+"/"+snapshot.name]; known {
				snapshot.restoresNot(t, c, why)
				return
			}
			restored += len(changes)
			keys += snapshot.restoreAll(t, c)
		})
	}
	t.Logf("%d restores, and %d keys found where they should be", restored, keys)
	if restored > 0 && keys == 0 {
		t.Error("no key was found: that proves little")
	}
}

// cannot are the cases that Flink 2.3.0 does not restore, and why. They must stay
// so, or they are to be compared.
var cannot = map[string]string{
	"1.10.2/rocksdb-heap-timers-checkpoints": "the case is one of old releases only",
	"1.11.6/rocksdb-heap-timers-checkpoints": "the case is one of old releases only",
	"1.11.6/unaligned-checkpoints":           "its channel state has no index of the subtask, and Flink reads it as if it had",
	"1.14.6/changelog-in-memory-checkpoints": "its changelog has no sizes and ids, and Flink reads it as if it had",
}

func (s snapshot) restoresNot(t *testing.T, c *cluster.Cluster, why string) {
	t.Helper()
	got, err := c.Restore(s.name, filepath.Join(s.place(t), s.below), changes[0], s.lacksOperators())
	if err != nil {
		t.Fatal(err)
	}
	if got.Problem == "" {
		t.Errorf("Flink restores it, though %s", why)
	}
}

// restoreAll restores the snapshot at all parallelisms. The keys must be the same
// at each, and are counted.
func (s snapshot) restoreAll(t *testing.T, c *cluster.Cluster) (keys int) {
	t.Helper()
	var first map[string]bool
	for _, change := range changes {
		found := s.restore(t, c, change)
		if first == nil {
			first = found
		}
		if !maps.Equal(first, found) && !s.inFlight() {
			t.Errorf("%s: held are %d keys, and %d at the same parallelism", change, len(found), len(first))
		}
		keys += len(found)
	}
	return keys
}

func chosen(release string) bool {
	names := os.Getenv("CAIRN_RELEASES")
	if names == "" {
		names = "2.3.0"
	}
	return names == "all" || slices.Contains(strings.Fields(names), release)
}

// lockMade keeps others from the place where the data was made, while we are there.
func lockMade(t *testing.T) {
	t.Helper()
	lock, err := os.OpenFile(made+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lock.Close() })
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
}

// snapshot is one of testdata/flink.
type snapshot struct {
	file          string // its _metadata
	release, name string
	below         string // its directory, from that of its case on
}

func snapshotOf(t *testing.T, file string) snapshot {
	t.Helper()
	root, err := filepath.Abs(testdata)
	if err != nil {
		t.Fatal(err)
	}
	below, err := filepath.Rel(root, filepath.Dir(file))
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.SplitN(below, string(filepath.Separator), 3)
	return snapshot{file, parts[0], parts[1], parts[2]}
}

func (s snapshot) String() string { return s.release + "/" + s.name + "/" + filepath.Base(s.below) }

// lacksOperators says that the job had a source less when the snapshot was taken. A
// generated id depends on all of a job; those are others now.
func (s snapshot) lacksOperators() bool {
	return strings.HasPrefix(s.release, "1.10.") || strings.HasPrefix(s.release, "1.11.")
}

func (s snapshot) inFlight() bool { return strings.Contains(s.name, "unaligned") }

// restore restores the snapshot and returns the keys that were found.
func (s snapshot) restore(t *testing.T, c *cluster.Cluster, change string) map[string]bool {
	t.Helper()
	dir := s.place(t)
	got, err := c.Restore(s.name, filepath.Join(dir, s.below), change, s.lacksOperators())
	if err != nil {
		t.Fatal(err)
	}
	if got.Problem != "" {
		t.Errorf("%s: Flink does not restore it: %s", change, got.Problem)
		return nil
	}
	var real realJob
	if err := json.Unmarshal(got.Job, &real.Job); err != nil {
		t.Fatal(err)
	}
	planned := real.at(func(p int32) int32 { return p }, true)
	planned.Checkpoint, planned.AllowNonRestored = decode(t, s.file), s.lacksOperators()
	lines, err := verdict.Of(planned)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, change+": what tasks are told", got.Told, lines)
	a := assignmentOf(t, planned)
	compare(t, change+": what tasks hold", got.WithoutKeys(), cluster.Lists(planned.Checkpoint.Operators, a))
	for what, n := range cluster.RawOf(a) {
		if got.Raw[what] != n {
			t.Errorf("%s: %s: found %d, want %d", change, what, got.Raw[what], n)
		}
	}
	keys, err := got.Keys(a)
	if err != nil {
		t.Errorf("%s: %v", change, err)
	}
	return keys
}

// place copies the snapshot's case to where it was made: Flink may delete what it
// claims.
func (s snapshot) place(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(made, s.release, s.name)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(testdata, s.release, s.name))); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func assignmentOf(t *testing.T, c *verdict.Case) *restore.Assignment {
	t.Helper()
	j, err := job.New(c.Vertices...)
	if err != nil {
		t.Fatal(err)
	}
	valid, err := restore.Validate(&c.Checkpoint.Metadata, j, c.AllowNonRestored)
	if err != nil {
		t.Fatal(err)
	}
	a, err := restore.Assign(c.Checkpoint.CheckpointID, j, valid.Metadata.Operators, &restore.Options{AllowNonRestored: c.AllowNonRestored})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// compare tells the first lines that only one of them has.
func compare(t *testing.T, what string, flink, cairn []string) {
	t.Helper()
	if slices.Equal(flink, cairn) {
		return
	}
	t.Errorf("%s differs", what)
	told := 0
	for _, side := range []struct {
		name       string
		has, lacks []string
	}{{"Flink", flink, cairn}, {"cairn", cairn, flink}} {
		for _, line := range side.has {
			if !slices.Contains(side.lacks, line) && told < 2*enoughDifferences {
				t.Logf("%s: %.400q", side.name, line)
				told++
			}
		}
	}
}
