package restore

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

func TestAssignMaxParallelism(t *testing.T) {
	for name, test := range map[string]struct {
		state       int32 // max parallelism of the checkpoint
		configured  int32 // 0 for the default
		parallelism int32
		want        error
		wantMax     int32
	}{
		"equal":                     {128, 0, 4, nil, 128},
		"equal, configured":         {128, 128, 4, nil, 128},
		"checkpoint's is larger":    {256, 0, 4, nil, 256},
		"checkpoint's is smaller":   {64, 0, 4, nil, 64},
		"less than the parallelism": {64, 0, 100, ErrParallelismTooHigh, 0},
		"that, though configured":   {64, 128, 100, ErrParallelismTooHigh, 0},
		"differs from configured":   {256, 128, 4, ErrMaxParallelism, 0},
		"default of 100 is 256":     {128, 0, 100, nil, 128},
		"just enough":               {100, 0, 100, nil, 100},
	} {
		t.Run(name, func(t *testing.T) {
			j := newJob(t, vertex("k", test.parallelism, test.configured))
			a, err := Assign(7, j, []checkpoint.OperatorState{keyed("k", 3, test.state)}, nil)
			if !errors.Is(err, test.want) || (err == nil) != (test.want == nil) {
				t.Fatalf("error is %v, want %v", err, test.want)
			}
			if err == nil && a.Vertices[0].MaxParallelism != test.wantMax {
				t.Errorf("max parallelism is %d, want %d", a.Vertices[0].MaxParallelism, test.wantMax)
			}
		})
	}
}

// Chained operators with keyed state must agree (FLINK-40113); operators without
// state have no say.
func TestAssignChainedMaxParallelism(t *testing.T) {
	j := newJob(t, vertex("a,b", 2, 0))
	_, err := Assign(7, j, []checkpoint.OperatorState{keyed("a", 2, 128), operator("b", 2, 64, nil)}, nil)
	if !errors.Is(err, ErrMaxParallelism) {
		t.Errorf("keyed and other: error is %v, want ErrMaxParallelism", err)
	}
	some := func(int32) *checkpoint.OperatorSubtaskState { return &checkpoint.OperatorSubtaskState{} }
	a := assign(t, j, operator("a", 2, 200, some), operator("b", 2, 64, some))
	if got := a.Vertices[0].MaxParallelism; got != 200 {
		t.Errorf("without keyed state: max parallelism is %d, want 200, of which Flink hears last", got)
	}
	a = assign(t, newJob(t, vertex("a,new", 3, 0)), keyed("a", 2, 64))
	if got := a.Vertices[0].MaxParallelism; got != 64 {
		t.Errorf("with a new operator: max parallelism is %d, want the checkpoint's, 64", got)
	}
	if got := printKeyed(a.Vertices[0].Subtask(2).Operators[0].ManagedKeyedState); got != "[43, 63]@kg-32-63" {
		t.Errorf("with a new operator: the last subtask gets %s", got)
	}
}

func TestAssignMatches(t *testing.T) {
	withHash := func(uid, hash string) job.Vertex {
		v := vertex(uid, 2, 0)
		id := checkpoint.OperatorIDFromUID(hash)
		v.Operators[0].UserDefined = &id
		return v
	}
	for name, test := range map[string]struct {
		job    []job.Vertex
		states []string
		want   []string // uid of the state that each vertex gets
		left   int
	}{
		"by generated id":                {[]job.Vertex{vertex("a", 2, 0)}, []string{"a"}, []string{"a"}, 0},
		"by user-defined id":             {[]job.Vertex{withHash("a", "x")}, []string{"x"}, []string{"x"}, 0},
		"user-defined id without state":  {[]job.Vertex{withHash("a", "x")}, []string{"a"}, []string{"a"}, 0},
		"user-defined id comes first":    {[]job.Vertex{withHash("a", "x")}, []string{"a", "x"}, []string{"x"}, 1},
		"moved to another chain":         {[]job.Vertex{vertex("new", 2, 0), vertex("a", 2, 0)}, []string{"a"}, []string{"", "a"}, 0},
		"an id of two kinds, taken once": {[]job.Vertex{withHash("a", "b"), vertex("b", 2, 0)}, []string{"b"}, []string{"b", ""}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var states []checkpoint.OperatorState
			for _, uid := range test.states {
				states = append(states, keyed(uid, 2, 128))
			}
			a := assign(t, newJob(t, test.job...), states...)
			var got []string
			for _, v := range a.Vertices {
				uid := ""
				if v.Operators[0].State != nil {
					uid = v.Operators[0].State.UID
				}
				if v.Restored != (uid != "") || v.Subtask(0).Operators[0].HasState() != v.Restored {
					t.Errorf("state of %q, but restored is %v", uid, v.Restored)
				}
				got = append(got, uid)
			}
			if diff := cmp.Diff(test.want, got); diff != "" || len(a.NotRestored) != test.left {
				t.Errorf("left %+v, matched (-want +got):\n%s", a.NotRestored, diff)
			}
		})
	}
}

// Assign, unlike Validate, refuses empty state without operator, as in recovery
// nothing may be missing.
func TestAssignCompleteness(t *testing.T) {
	j := newJob(t, vertex("a", 2, 0))
	states := []checkpoint.OperatorState{keyed("gone", 2, 128), operator("empty", 2, 128, nil)}
	_, err := Assign(7, j, states[1:], nil)
	if !errors.Is(err, ErrUnmappedState) {
		t.Errorf("error is %v, want ErrUnmappedState", err)
	}
	a, err := Assign(7, j, states, &Options{AllowNonRestored: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(a.NotRestored) != 2 || a.NotRestored[0].StateBytes != 200 || a.NotRestored[1].Reason != ReasonEmpty {
		t.Errorf("not restored: %+v", a.NotRestored)
	}
}

// A coordinator's state alone does not make subtasks restored ones.
func TestAssignCoordinatorOnly(t *testing.T) {
	op := operator("a", 2, 64, nil)
	op.Coordinator = &checkpoint.ByteStreamStateHandle{Data: []byte("x")}
	a := assign(t, newJob(t, vertex("a", 2, 0)), op)
	if v := a.Vertices[0]; v.Restored || v.MaxParallelism != 128 || v.Operators[0].State == nil {
		t.Errorf("vertex: %+v", v)
	}
}

// Each kind of state finds its own field, and raw is not managed.
func TestAssignKinds(t *testing.T) {
	op := operator("a", 1, 128, func(int32) *checkpoint.OperatorSubtaskState {
		return &checkpoint.OperatorSubtaskState{
			ManagedOperatorState: lists(stateFile("mo"), list("m", split, 1)),
			RawOperatorState:     lists(stateFile("ro"), list("r", union, 1, 2)),
			ManagedKeyedState:    keyGroups(0, 127),
			RawKeyedState:        &checkpoint.IncrementalRemoteKeyedStateHandle{Range: checkpoint.KeyGroups(0, 127), MetaState: stateFile("rk")},
			Channels: &checkpoint.ChannelState{
				Input:              []checkpoint.ChannelStateHandle{channel(0, 0, 0)},
				ResultSubpartition: []checkpoint.ChannelStateHandle{channel(0, 0, 1)},
			},
		}
	})
	for name, parallelism := range map[string]int32{"kept": 1, "rescaled": 2} {
		t.Run(name, func(t *testing.T) {
			op := op
			if parallelism > 1 {
				s := *op.Subtasks[0].State
				s.Channels = nil
				op.Subtasks = []checkpoint.SubtaskState{{State: &s}}
			}
			a := assign(t, newJob(t, vertex("a", parallelism, 0)), op)
			task := a.Vertices[0].Subtask(0)
			got := task.Operators[0]
			if s := printHandles(got.ManagedOperatorState); s != "mo{m:1}" {
				t.Errorf("managed operator state: %s", s)
			}
			if s := printHandles(got.RawOperatorState); s != "ro{r:1 2}" {
				t.Errorf("raw operator state: %s", s)
			}
			if s := printKeyed(got.ManagedKeyedState); s != task.KeyGroups.String()+"@kg-0-127" {
				t.Errorf("managed keyed state: %s", s)
			}
			if s := printKeyed(got.RawKeyedState); s != "*checkpoint.IncrementalRemoteKeyedStateHandle[0, 127]" {
				t.Errorf("raw keyed state: %s", s)
			}
			if s := printChannels(got.InputChannels) + printChannels(got.ResultSubpartitions); parallelism == 1 && s != "0/0/00/0/1" {
				t.Errorf("channels: %s", s)
			}
			if task.CheckpointID != 7 || !task.Restored || got.ID != op.ID || !got.HasState() {
				t.Errorf("task: %+v", task)
			}
		})
	}
}

func TestSummary(t *testing.T) {
	op := operator("a", 2, 128, func(i int32) *checkpoint.OperatorSubtaskState {
		r := checkpoint.KeyGroupRangeForSubtask(i, 128, 2)
		return &checkpoint.OperatorSubtaskState{
			ManagedOperatorState: lists(stateFile("op%d", i), list("u", union, 1, 2), list("x", split, 3)),
			RawOperatorState:     lists(&checkpoint.ByteStreamStateHandle{HandleName: "in", Data: make([]byte, 5)}, list("x", split, 3)),
			ManagedKeyedState: &checkpoint.IncrementalRemoteKeyedStateHandle{
				Range: r, MetaState: stateFile("meta%d", i),
				SharedState:  []checkpoint.HandleAndLocalPath{{Handle: stateFile("shared")}},
				PrivateState: []checkpoint.HandleAndLocalPath{{Handle: stateFile("private%d", i)}},
			},
			RawKeyedState: &checkpoint.ChangelogStateBackendHandle{
				Range:        r,
				Materialized: []checkpoint.KeyedStateHandle{keyGroups(r.Start, r.Last())},
				NonMaterialized: []checkpoint.KeyedStateHandle{&checkpoint.ChangelogFileStateHandle{
					Range: r, Size: 30, Parts: []checkpoint.HandleAndOffset{{Handle: stateFile("log")}},
				}},
			},
		}
	})
	a := assign(t, newJob(t, vertex("a", 2, 0)), op)
	restored := a.Vertices[0].Subtask(0).Operators[0]
	want := Summary{
		States: []StateShare{
			{Name: "u", Mode: union, Partitions: 4}, {Name: "x", Mode: split, Partitions: 1},
			{Name: "x", Mode: split, Partitions: 1, Raw: true},
		},
		ManagedOperatorBytes: 200, RawOperatorBytes: 5, ManagedKeyedBytes: 300, RawKeyedBytes: 130,
		Files: 7, FileBytes: 700, InlineBytes: 5,
	}
	got := restored.Summary()
	if diff := cmp.Diff(want, got); diff != "" || got.StateBytes() != 635 {
		t.Errorf("%d bytes (-want +got):\n%s", got.StateBytes(), diff)
	}
	for range restored.Streams() { // a reader may stop at any of them
		break
	}
}
