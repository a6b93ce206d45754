package metadata_test

import (
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
)

// flinkData holds what real Flink wrote, made by integration/flink, and beside
// it in expected.json what Flink's own classes read in it.
const flinkData = "../../testdata/flink"

// expected is the part of an expected.json that is about metadata.
type expected struct {
	MadeAt    string
	Snapshots []expectedSnapshot
}

type expectedSnapshot struct {
	Pointer              string
	MetadataVersion      int
	CheckpointID         int64
	SnapshotType         string
	SavepointFormat      checkpoint.SavepointFormat
	PostCheckpointAction checkpoint.PostCheckpointAction
	Properties           *expectedFlags
	MasterStates         []expectedMasterState
	Operators            []expectedOperator
	Files                []expectedFile
	Handles              map[string]int
}

type expectedFlags struct {
	Forced, DiscardSubsumed, DiscardFinished, DiscardCancelled, DiscardFailed, DiscardSuspended, Unclaimed bool
}

type expectedMasterState struct {
	Name    string
	Version int32
	Bytes   int
}

type expectedOperator struct {
	ID               string
	UID, Name        *string
	Parallelism      int32
	MaxParallelism   int32
	FullyFinished    bool
	CoordinatorBytes int64
	StateBytes       int64
	Subtasks         []expectedSubtask
}

type expectedSubtask struct {
	Index                   int32
	Finished                bool
	ManagedOperatorBytes    int64
	RawOperatorBytes        int64
	ManagedKeyedBytes       int64
	RawKeyedBytes           int64
	InputChannelBytes       int64
	ResultSubpartitionBytes int64
}

type expectedFile struct {
	Path  string
	Bytes int64
}

// TestFlinkData holds every snapshot that real Flink made for this repository
// against what Flink itself says is in it, and rewrites it to the same bytes.
func TestFlinkData(t *testing.T) {
	cases, err := filepath.Glob(filepath.Join(flinkData, "*", "*", "expected.json"))
	if err != nil || len(cases) == 0 {
		t.Fatalf("no expected.json below %s: make the data with `make flink-data` (%v)", flinkData, err)
	}
	for _, name := range cases {
		dir := filepath.Dir(name)
		t.Run(strings.TrimPrefix(filepath.ToSlash(dir), flinkData+"/"), func(t *testing.T) {
			want := readExpected(t, name)
			if len(want.Snapshots) == 0 {
				t.Fatal("expected.json names no snapshot")
			}
			for _, snapshot := range want.Snapshots {
				checkSnapshot(t, dir, want.MadeAt, snapshot)
			}
		})
	}
}

func readExpected(t *testing.T, name string) expected {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var want expected
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return want
}

func checkSnapshot(t *testing.T, dir, madeAt string, want expectedSnapshot) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(want.Pointer), "_metadata"))
	if err != nil {
		t.Fatal(err)
	}
	f := sameBytes(t, want.Pointer, data)
	if f == nil {
		return
	}
	got := expectedSnapshot{
		Pointer: want.Pointer, MetadataVersion: f.Version, CheckpointID: f.CheckpointID,
		Operators: operatorsOf(f),
		Handles:   withoutDirectories(want.Handles, handlesOf(f)),
	}
	for _, m := range f.MasterStates {
		got.MasterStates = append(got.MasterStates, expectedMasterState{m.Name, m.Version, len(m.Payload)})
	}
	if p := f.Properties; p != nil {
		got.SavepointFormat, got.PostCheckpointAction = p.Type.Format, p.Type.Action
		got.SnapshotType = map[bool]string{true: "savepoint", false: "checkpoint"}[p.Type.Savepoint]
		got.Properties = &expectedFlags{
			p.Forced, p.DiscardSubsumed, p.DiscardFinished, p.DiscardCancelled, p.DiscardFailed, p.DiscardSuspended, p.Unclaimed,
		}
	}
	checkFiles(t, f, madeAt+"/"+want.Pointer, want.Files)
	want.Files = nil
	slices.SortFunc(want.Operators, func(a, b expectedOperator) int { return strings.Compare(a.ID, b.ID) })
	if diff := cmp.Diff(want, got, emptyIsNil()); diff != "" {
		t.Errorf("%s: what Flink reads (-) and what we read (+):\n%s", want.Pointer, diff)
	}
}

func emptyIsNil() cmp.Option {
	return cmp.FilterValues(func(a, b []expectedMasterState) bool { return len(a)+len(b) == 0 }, cmp.Ignore())
}

// operatorsOf returns the operators by id.
func operatorsOf(f *metadata.File) []expectedOperator {
	var list []expectedOperator
	for i := range f.Operators {
		op := &f.Operators[i]
		got := expectedOperator{
			ID: op.ID.String(), Parallelism: op.Parallelism, MaxParallelism: op.MaxParallelism,
			FullyFinished: op.FullyFinished, StateBytes: op.StateSize(), Subtasks: []expectedSubtask{},
		}
		if op.UID != "" {
			got.UID = &op.UID
		}
		if op.Name != "" {
			got.Name = &op.Name
		}
		if op.Coordinator != nil {
			got.CoordinatorBytes = op.Coordinator.StateSize()
		}
		for j := range op.Subtasks {
			got.Subtasks = append(got.Subtasks, subtaskOf(&op.Subtasks[j]))
		}
		list = append(list, got)
	}
	slices.SortFunc(list, func(a, b expectedOperator) int { return strings.Compare(a.ID, b.ID) })
	return list
}

func subtaskOf(s *checkpoint.SubtaskState) expectedSubtask {
	got := expectedSubtask{Index: s.Index, Finished: s.Finished}
	if s.State == nil {
		return got
	}
	if h := s.State.ManagedOperatorState; h != nil {
		got.ManagedOperatorBytes = h.StateSize()
	}
	if h := s.State.RawOperatorState; h != nil {
		got.RawOperatorBytes = h.StateSize()
	}
	if h := s.State.ManagedKeyedState; h != nil {
		got.ManagedKeyedBytes = h.StateSize()
	}
	if h := s.State.RawKeyedState; h != nil {
		got.RawKeyedBytes = h.StateSize()
	}
	got.InputChannelBytes = s.State.Channels.InputSize()
	got.ResultSubpartitionBytes = s.State.Channels.ResultSubpartitionSize()
	return got
}

// checkFiles compares the files with those on Flink's disk, whose lengths Flink
// noted: handles know the length of a whole file, except that Flink's changelog
// writer forgets the first byte, and segments only that it reaches as far.
func checkFiles(t *testing.T, f *metadata.File, dir string, want []expectedFile) {
	t.Helper()
	lengths := map[string]int64{}
	for _, file := range want {
		lengths[file.Path] = file.Bytes
	}
	for _, file := range f.Files() {
		name := file.Path
		if file.Relative {
			name = path.Clean(dir) + "/" + file.Path
		}
		length, known := lengths[name]
		delete(lengths, name)
		atMost := file.Kind == checkpoint.SegmentHandle || file.Kind == checkpoint.ChangelogHandle
		if !known || file.Bytes > length || file.Bytes < length && !atMost {
			t.Errorf("file %s (%s): %d bytes, Flink has %d (known to it: %v)", name, file.Kind, file.Bytes, length, known)
		}
	}
	for name := range lengths {
		t.Errorf("file %s: Flink refers to it, and we do not", name)
	}
}
