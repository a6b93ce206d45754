package restore

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/job"
)

// TestRealCheckpoints restores what real Flink wrote, of all releases that are
// there, at the same and at other parallelisms, and counts what arrives.
func TestRealCheckpoints(t *testing.T) {
	files := realMetadata(t, "../testdata/flink")
	if len(files) < 20 {
		t.Fatalf("found %d metadata files of Flink, want at least 20", len(files))
	}
	assigned, refused := 0, 0
	for _, path := range files {
		t.Run(path, func(t *testing.T) {
			md := decodeReal(t, path)
			for name, change := range map[string]func(int32) int32{
				"same":   func(p int32) int32 { return p },
				"half":   func(p int32) int32 { return max(p/2, 1) },
				"double": func(p int32) int32 { return 2 * p },
				"odd":    func(p int32) int32 { return p + 5 },
			} {
				if checkRestore(t, name, md, change) {
					assigned++
				} else {
					refused++
				}
			}
		})
	}
	t.Logf("%d checkpoints: %d assignments, %d refusals for data in flight", len(files), assigned, refused)
}

func realMetadata(t *testing.T, root string) (paths []string) {
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(d.Name(), "_metadata") {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func decodeReal(t *testing.T, path string) *checkpoint.Metadata {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := metadata.Decode(data, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &f.Metadata
}

// checkRestore reports whether the checkpoint could be assigned. It must be,
// unless data was in flight and the parallelism changes.
func checkRestore(t *testing.T, name string, md *checkpoint.Metadata, change func(int32) int32) bool {
	wanted := job.Parallelism{ByOperator: map[string]int32{}}
	mayRefuse := false
	for i := range md.Operators {
		op := &md.Operators[i]
		p := min(change(op.Parallelism), op.MaxParallelism)
		wanted.ByOperator[op.ID.String()] = p
		mayRefuse = mayRefuse || p != op.Parallelism && hasInFlight(op)
	}
	j, err := job.FromMetadata(md, wanted)
	if err != nil {
		t.Fatal(err)
	}
	valid, err := Validate(md, j, false)
	if err != nil || len(valid.Dropped) != 0 {
		t.Fatalf("%s: dropped %v: %v", name, valid, err)
	}
	if err := CheckFinished(j, valid.Metadata.Operators); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	a, err := Assign(md.CheckpointID, j, valid.Metadata.Operators, nil)
	if mayRefuse {
		if !errors.Is(err, ErrUnrescalable) {
			t.Fatalf("%s: error is %v, want ErrUnrescalable", name, err)
		}
		return false
	}
	if err != nil || len(a.NotRestored) != 0 {
		t.Fatalf("%s: left %v: %v", name, a, err)
	}
	for i := range a.Vertices {
		checkVertex(t, name, &a.Vertices[i])
	}
	return true
}

func hasInFlight(op *checkpoint.OperatorState) bool {
	for i := range op.Subtasks {
		s := op.Subtasks[i].State
		if s != nil && s.Channels != nil && len(s.Channels.Input)+len(s.Channels.ResultSubpartition) > 0 {
			return true
		}
	}
	return false
}

// checkVertex counts what arrives at a vertex against what its operator stored.
func checkVertex(t *testing.T, name string, v *VertexAssignment) {
	op := v.Operators[0].State
	if v.MaxParallelism != op.MaxParallelism || v.FinishedOnRestore != op.FullyFinished {
		t.Errorf("%s: operator %s: max parallelism %d, finished %v", name, op.ID, v.MaxParallelism, v.FinishedOnRestore)
	}
	kinds := map[string]struct {
		was func(*checkpoint.OperatorSubtaskState) checkpoint.OperatorStateHandle
		is  func(*OperatorRestore) OperatorStateHandles
	}{
		"managed": {managedOperator, func(o *OperatorRestore) OperatorStateHandles { return o.ManagedOperatorState }},
		"raw":     {rawOperator, func(o *OperatorRestore) OperatorStateHandles { return o.RawOperatorState }},
	}
	for kind, get := range kinds {
		was, is := partitionsStored(op, get.was), partitionsRestored(v, get.is)
		for key, stored := range was {
			want := stored
			if strings.HasPrefix(key, union.String()) {
				want = stored * int(v.Parallelism)
			}
			if strings.HasPrefix(key, broadcast.String()) {
				want = stored / reporters(op, get.was, key) * int(v.Parallelism)
			}
			if is[key] != want {
				t.Errorf("%s: operator %s: %d partitions of %s %s restored, want %d", name, op.ID, is[key], kind, key, want)
			}
		}
	}
	checkKeyed(t, name, v, op)
}

func partitionsStored(op *checkpoint.OperatorState, get operatorKind) map[string]int {
	counts := map[string]int{}
	for i := range op.Subtasks {
		if s := op.Subtasks[i].State; s != nil && get(s) != nil {
			for _, meta := range get(s).Partitions() {
				counts[meta.Mode.String()+" "+meta.Name] += len(meta.Offsets)
			}
		}
	}
	return counts
}

func reporters(op *checkpoint.OperatorState, get operatorKind, key string) (n int) {
	for i := range op.Subtasks {
		if s := op.Subtasks[i].State; s != nil && get(s) != nil {
			for _, meta := range get(s).Partitions() {
				if meta.Mode.String()+" "+meta.Name == key {
					n++
				}
			}
		}
	}
	return n
}

func partitionsRestored(v *VertexAssignment, get func(*OperatorRestore) OperatorStateHandles) map[string]int {
	counts := map[string]int{}
	for task := range v.Subtasks() {
		for h := range get(&task.Operators[0]).All() {
			for _, meta := range h.Partitions() {
				counts[meta.Mode.String()+" "+meta.Name] += len(meta.Offsets)
			}
		}
	}
	return counts
}

// checkKeyed checks that each key group that a subtask owns is covered by what it
// gets exactly if it was stored.
func checkKeyed(t *testing.T, name string, v *VertexAssignment, op *checkpoint.OperatorState) {
	stored := make([]bool, op.MaxParallelism)
	for i := range op.Subtasks {
		if s := op.Subtasks[i].State; s != nil && s.ManagedKeyedState != nil {
			r := s.ManagedKeyedState.KeyGroups()
			for keyGroup := r.Start; keyGroup <= r.Last(); keyGroup++ {
				stored[keyGroup] = true
			}
		}
	}
	restored := make([]bool, op.MaxParallelism)
	for task := range v.Subtasks() {
		for _, h := range task.Operators[0].ManagedKeyedState {
			r := h.KeyGroups().Intersection(task.KeyGroups)
			if r.Empty() {
				t.Errorf("%s: subtask %d owns %s and gets %s", name, task.Subtask, task.KeyGroups, h.KeyGroups())
			}
			for keyGroup := r.Start; keyGroup <= r.Last(); keyGroup++ {
				if restored[keyGroup] {
					t.Errorf("%s: key group %d arrives twice", name, keyGroup)
				}
				restored[keyGroup] = true
			}
		}
	}
	if !slices.Equal(stored, restored) {
		t.Errorf("%s: operator %s: key groups stored and restored differ", name, op.ID)
	}
}
