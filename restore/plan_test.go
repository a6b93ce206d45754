package restore

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

// full returns a full snapshot of key groups with a header of 10 bytes and size
// bytes for each key group.
func full(first, last int32, size int64) *checkpoint.KeyGroupsStateHandle {
	h := &checkpoint.KeyGroupsStateHandle{Range: checkpoint.KeyGroups(first, last)}
	for i := range h.Range.Count {
		h.Offsets = append(h.Offsets, 10+int64(i)*size)
	}
	h.Delegate = &checkpoint.FileStateHandle{Path: fmt.Sprintf("full-%d", first), Size: 10 + int64(h.Range.Count)*size}
	return h
}

// incremental returns incremental state of 100 bytes of metadata and two files of
// 450.
func incremental(first, last int32) *checkpoint.IncrementalRemoteKeyedStateHandle {
	file := func(name string) checkpoint.HandleAndLocalPath {
		return checkpoint.HandleAndLocalPath{LocalPath: name, Handle: &checkpoint.FileStateHandle{Path: fmt.Sprintf("%s-%d", name, first), Size: 450}}
	}
	return &checkpoint.IncrementalRemoteKeyedStateHandle{
		Range:       checkpoint.KeyGroups(first, last),
		MetaState:   stateFile("meta-%d", first),
		SharedState: []checkpoint.HandleAndLocalPath{file("1.sst"), file("2.sst")},
	}
}

// keyedBy returns an operator whose subtasks have the keyed state that make gives.
func keyedBy(uid string, parallelism, maxParallelism int32, make func(first, last int32) checkpoint.KeyedStateHandle) checkpoint.OperatorState {
	return operator(uid, parallelism, maxParallelism, func(i int32) *checkpoint.OperatorSubtaskState {
		r := checkpoint.KeyGroupRangeForSubtask(i, maxParallelism, parallelism)
		return &checkpoint.OperatorSubtaskState{ManagedKeyedState: make(r.Start, r.Last())}
	})
}

func planOf(t testing.TB, j *job.Job, operators ...checkpoint.OperatorState) *Plan {
	t.Helper()
	return NewPlan(assign(t, j, operators...))
}

// reads returns what each subtask of the first vertex reads.
func reads(p *Plan) []int64 {
	var bytes []int64
	for _, s := range p.Vertices[0].Subtasks {
		bytes = append(bytes, s.Read.Total())
	}
	return bytes
}

func TestPlanOfFullSnapshotReadsKeyGroups(t *testing.T) {
	op := keyedBy("a", 2, 8, func(first, last int32) checkpoint.KeyedStateHandle { return full(first, last, 100) })
	for parallelism, want := range map[int32][]int64{
		1: {820},
		2: {410, 410},
		3: {310, 320, 210}, // 0-2, 3-5 of both files, 6-7
		4: {210, 210, 210, 210},
	} {
		p := planOf(t, newJob(t, vertex("a", parallelism, 8)), op)
		if diff := cmp.Diff(want, reads(p)); diff != "" {
			t.Errorf("parallelism %d (-want +got):\n%s", parallelism, diff)
		}
		if p.Stored != (StateBytes{Keyed: 820}) {
			t.Errorf("parallelism %d: stored %+v", parallelism, p.Stored)
		}
		if diff := cmp.Diff([]int64{100, 100, 100, 100, 100, 100, 100, 100}, p.Vertices[0].Keyed[0].ByKeyGroup); diff != "" {
			t.Errorf("parallelism %d: by key group (-want +got):\n%s", parallelism, diff)
		}
	}
}

// Key groups without data have no offset, or that of the next.
func TestPlanOfEmptyKeyGroups(t *testing.T) {
	h := full(0, 3, 100)
	h.Offsets = []int64{0, 10, 10, 310} // 0: RocksDB wrote nothing; the second shares with the third
	op := operator("a", 1, 4, func(int32) *checkpoint.OperatorSubtaskState {
		return &checkpoint.OperatorSubtaskState{ManagedKeyedState: h}
	})
	p := planOf(t, newJob(t, vertex("a", 4, 4)), op)
	if diff := cmp.Diff([]int64{0, 0, 300, 100}, p.Vertices[0].Keyed[0].ByKeyGroup); diff != "" {
		t.Errorf("by key group (-want +got):\n%s", diff)
	}
	if s := p.Vertices[0].Subtasks[0]; s.Read.Total() != 10 || s.Files != 1 {
		t.Errorf("a subtask without data reads %+v, want the header, which Flink reads all the same", s)
	}
	if s := p.Vertices[0].Subtasks[3]; s.Read.Total() != 110 || s.Files != 1 {
		t.Errorf("the last subtask reads %+v, want its 100 bytes and the header", s)
	}
}

func TestPlanOfIncrementalStateReadsWhole(t *testing.T) {
	op := keyedBy("a", 2, 8, func(first, last int32) checkpoint.KeyedStateHandle { return incremental(first, last) })
	for parallelism, want := range map[int32][]int64{
		1: {2000},
		2: {1000, 1000},
		3: {1000, 2000, 1000},
		4: {1000, 1000, 1000, 1000},
	} {
		p := planOf(t, newJob(t, vertex("a", parallelism, 8)), op)
		if diff := cmp.Diff(want, reads(p)); diff != "" || p.Stored.Keyed != 2000 {
			t.Errorf("parallelism %d: stored %d (-want +got):\n%s", parallelism, p.Stored.Keyed, diff)
		}
		if p.Vertices[0].Keyed[0].ByKeyGroup != nil {
			t.Errorf("parallelism %d: claims to know the bytes of key groups", parallelism)
		}
	}
	p := planOf(t, newJob(t, vertex("a", 4, 8)), op)
	if times, ok := Amplification(p.Read, p.Stored); !ok || times != 2 || p.Vertices[0].Subtasks[0].Files != 3 {
		t.Errorf("read %v times, %+v", times, p.Vertices[0].Subtasks[0])
	}
}

func TestPlanOfOperatorState(t *testing.T) {
	op := operator("a", 2, 8, func(i int32) *checkpoint.OperatorSubtaskState {
		file := &checkpoint.FileStateHandle{Path: fmt.Sprintf("op-%d", i), Size: 100}
		return &checkpoint.OperatorSubtaskState{ManagedOperatorState: lists(file,
			list("split", checkpoint.SplitDistribute, 20, 30, 40, 50),
			list("union", checkpoint.Union, 60))}
	})
	p := planOf(t, newJob(t, vertex("a", 4, 8)), op)
	v := p.Vertices[0]
	// Of each file the header of 20; of one of them two elements of 10; of both the union state of 40.
	if diff := cmp.Diff([]int64{140, 140, 140, 140}, reads(p)); diff != "" || v.Stored.Operator != 200 {
		t.Errorf("stored %d (-want +got):\n%s", v.Stored.Operator, diff)
	}
	want := []StateShare{{Name: "split", Partitions: 2}, {Name: "union", Mode: checkpoint.Union, Partitions: 2}}
	for _, s := range v.Subtasks {
		if diff := cmp.Diff(want, s.States); diff != "" || s.Files != 2 {
			t.Errorf("subtask %d: %d files (-want +got):\n%s", s.Subtask, s.Files, diff)
		}
	}
	if v.Union.Handles != 8 || v.Union.Bytes != 4*(20+40)*2 {
		t.Errorf("union state: %+v", v.Union)
	}
}

func TestSpread(t *testing.T) {
	for name, test := range map[string]struct {
		bytes []int64
		want  Spread
	}{
		"one":     {[]int64{7}, Spread{7, 7, 7, 0}},
		"even":    {[]int64{4, 1, 9, 2}, Spread{1, 3, 9, 2}},
		"odd":     {[]int64{4, 1, 9}, Spread{1, 4, 9, 2}},
		"first":   {[]int64{1, 5, 5}, Spread{1, 5, 5, 1}},
		"nothing": {[]int64{0, 0}, Spread{}},
	} {
		v := VertexPlan{}
		for _, b := range test.bytes {
			v.Subtasks = append(v.Subtasks, SubtaskPlan{Read: StateBytes{Keyed: b}})
		}
		if got := v.Spread(); got != test.want {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
	}
	if _, ok := (Spread{Largest: 3}).Skew(); ok {
		t.Error("a skew over a median of nothing")
	}
}

// A plan of real checkpoints says what their handles say, and each byte is read at
// the parallelism that wrote it exactly once.
func TestPlanOfRealCheckpoints(t *testing.T) {
	plans := 0
	for _, path := range realMetadata(t, "../testdata/flink") {
		md := decodeReal(t, path)
		j, err := job.FromMetadata(md, job.Parallelism{})
		if err != nil {
			t.Fatal(err)
		}
		a, err := Decide(md, j, false)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		plans++
		for _, v := range NewPlan(a).Vertices {
			checkUnchanged(t, path, &v)
		}
	}
	if plans < 20 {
		t.Errorf("saw %d real checkpoints, want at least 20", plans)
	}
}

func checkUnchanged(t *testing.T, path string, v *VertexPlan) {
	t.Helper()
	if v.Read.Keyed != v.Stored.Keyed || v.Read.InFlight != v.Stored.InFlight {
		t.Errorf("%s: %s: stored %+v, read %+v", path, v.Vertex.Vertex.Name, v.Stored, v.Read)
	}
	for _, s := range v.Subtasks {
		task, inline, files, handles := v.Vertex.Subtask(s.Subtask), int64(0), 0, int64(0)
		for i := range task.Operators {
			sum := task.Operators[i].Summary()
			inline, files, handles = inline+sum.InlineBytes, files+sum.Files, handles+sum.StateBytes()
		}
		if s.Read.Total() > handles || s.Files > files {
			t.Errorf("%s: %s: subtask %d reads %d bytes of %d files, but its handles have %d of %d",
				path, v.Vertex.Vertex.Name, s.Subtask, s.Read.Total(), s.Files, handles, files)
		}
	}
}

// However full snapshots are cut, their key groups are read once: what is read more
// than stored is the header of each file, once for each further reader.
func TestPlanReadsEachKeyGroupOnce(t *testing.T) {
	const maxParallelism = 128
	for seed := range uint64(200) {
		dice := rand.New(rand.NewPCG(seed, 3))
		before, after := dice.Int32N(maxParallelism)+1, dice.Int32N(maxParallelism)+1
		op := keyedBy("a", before, maxParallelism, func(first, last int32) checkpoint.KeyedStateHandle { return full(first, last, 7) })
		p := planOf(t, newJob(t, vertex("a", after, maxParallelism)), op)
		files := int64(0)
		for _, s := range p.Vertices[0].Subtasks {
			files += int64(s.Files)
		}
		if want := maxParallelism*7 + 10*files; p.Read.Keyed != want || p.Stored.Keyed != maxParallelism*7+10*int64(before) {
			t.Fatalf("seed %d, %d to %d: read %d, want %d; stored %d", seed, before, after, p.Read.Keyed, want, p.Stored.Keyed)
		}
	}
}
