package checkpoint_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
)

func file(path string, size int64) *checkpoint.FileStateHandle {
	return &checkpoint.FileStateHandle{Path: path, Size: size}
}

// everything is a checkpoint with a handle in each place that can hold one.
// Files are named after the place, their sizes are powers of two.
func everything() *checkpoint.Metadata {
	segment := &checkpoint.SegmentFileStateHandle{StartPos: 100, Size: 1 << 10, PhysicalPath: "merged", Scope: checkpoint.ScopeShared}
	return &checkpoint.Metadata{Operators: []checkpoint.OperatorState{{
		Coordinator: &checkpoint.ByteStreamStateHandle{HandleName: "coordinator", Data: make([]byte, 1)},
		Parallelism: 3, MaxParallelism: 128,
		Subtasks: []checkpoint.SubtaskState{
			{Index: 2, Finished: true},
			{Index: 1, State: &checkpoint.OperatorSubtaskState{
				LegacyOperatorState: file("legacy", 1<<1),
				ManagedOperatorState: &checkpoint.FileMergingOperatorStreamStateHandle{
					TaskOwnedDir: "owned", SharedDir: "shared", Delegate: segment,
				},
				RawOperatorState: &checkpoint.OperatorStreamStateHandle{Delegate: file("raw operator", 1<<2)},
				ManagedKeyedState: &checkpoint.ChangelogStateBackendHandle{
					Materialized: []checkpoint.KeyedStateHandle{nil, &checkpoint.IncrementalRemoteKeyedStateHandle{
						MetaState: &checkpoint.RelativeFileStateHandle{RelativePath: "meta", Size: 1 << 3},
						SharedState: []checkpoint.HandleAndLocalPath{
							{LocalPath: "1.sst", Handle: file("sst", 1<<4)},
							{LocalPath: "2.sst", Handle: file("sst", 1<<4)},
						},
						PrivateState: []checkpoint.HandleAndLocalPath{{LocalPath: "CURRENT", Handle: file("private", 1<<5)}},
					}},
					NonMaterialized: []checkpoint.KeyedStateHandle{
						&checkpoint.InMemoryChangelogStateHandle{Changes: []checkpoint.StateChange{{Change: make([]byte, 1<<6)}}},
						&checkpoint.ChangelogFileStateHandle{Size: 1 << 7, Parts: []checkpoint.HandleAndOffset{{Handle: file("log", 1<<8)}}},
					},
				},
				RawKeyedState: &checkpoint.KeyGroupsStateHandle{Delegate: &checkpoint.KeyGroupsStateHandle{Delegate: file("raw keyed", 1<<9)}},
				Channels: &checkpoint.ChannelState{
					Input:              []checkpoint.ChannelStateHandle{&checkpoint.SingleChannelStateHandle{Size: 1 << 11, Delegate: file("input", 1)}},
					ResultSubpartition: []checkpoint.ChannelStateHandle{&checkpoint.MergedChannelStateHandle{Size: 1 << 12, Delegate: segment}},
				},
			}},
			{Index: 0},
		},
	}}}
}

func TestStateSize(t *testing.T) {
	m := everything()
	// All powers of two up to 1<<12 but 1<<8, and 1<<4 a second time.
	if got, want := m.StateSize(), int64(1<<13-1-1<<8+1<<4); got != want {
		t.Errorf("size %d, want %d", got, want)
	}
	op := &m.Operators[0]
	for index, has := range []bool{false, true, false} {
		if s := op.Subtask(int32(index)); s.Index != int32(index) || s.HasState() != has {
			t.Errorf("subtask %d: %+v", index, s)
		}
	}
	if op.Subtask(3) != nil || op.Subtask(-1) != nil || !op.HasState() {
		t.Error("an operator with three subtasks, one of them with state")
	}
	null := checkpoint.OperatorSubtaskState{RawOperatorState: &checkpoint.NullOperatorStateHandle{}, Channels: &checkpoint.ChannelState{}}
	if null.HasState() || null.StateSize() != 0 {
		t.Error("a null handle and no channels are taken for state")
	}
}

func TestStreamStateHandles(t *testing.T) {
	var got []string
	for site, h := range everything().StreamStateHandles() {
		name := string(site.Kind)
		switch h := h.(type) {
		case *checkpoint.ByteStreamStateHandle:
			name += " " + h.HandleName
		case *checkpoint.FileStateHandle:
			name += " " + h.Path
		case *checkpoint.RelativeFileStateHandle:
			name += " " + h.RelativePath
		case *checkpoint.SegmentFileStateHandle:
			name += " " + h.PhysicalPath
		}
		if site.Subtask != nil && site.Subtask.Index != 1 || site.Operator == nil {
			t.Errorf("%s is at %+v", name, site)
		}
		got = append(got, strings.TrimSpace(name+" "+site.LocalPath))
	}
	want := []string{
		"inline coordinator", "exclusive legacy", "segment merged", "exclusive raw operator", "exclusive meta",
		"shared sst 1.sst", "shared sst 2.sst", "exclusive private CURRENT", "changelog log", "exclusive raw keyed",
		"exclusive input", "segment merged",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("handles (-want +got):\n%s", diff)
	}
}

// TestHandleSiteIsForPeople: no pointer is printed, whoever prints it.
func TestHandleSiteIsForPeople(t *testing.T) {
	op := &checkpoint.OperatorState{ID: checkpoint.OperatorIDFromUID("count"), UID: "count", Name: "the count"}
	subtask := &checkpoint.SubtaskState{Index: 2}
	for want, site := range map[string]checkpoint.HandleSite{
		`operator "the count", subtask 2, shared, 1.sst`:      {Operator: op, Subtask: subtask, Kind: checkpoint.SharedHandle, LocalPath: "1.sst"},
		`operator "the count", coordinator, inline`:           {Operator: op, Kind: checkpoint.InlineHandle},
		`operator "` + op.ID.String() + `", subtask 2, empty`: {Operator: &checkpoint.OperatorState{ID: op.ID}, Subtask: subtask, Kind: checkpoint.EmptyHandle},
		"coordinator": {},
	} {
		if got := fmt.Sprintf("%v", site); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestStreamStateHandlesStop stops after each handle.
func TestStreamStateHandlesStop(t *testing.T) {
	for stop := 1; stop <= 12; stop++ {
		var n int
		for range everything().StreamStateHandles() {
			if n++; n == stop {
				break
			}
		}
		if n != stop {
			t.Errorf("%d handles came, want %d", n, stop)
		}
	}
}

func TestFiles(t *testing.T) {
	want := []checkpoint.ReferencedFile{
		{Path: "legacy", Kind: checkpoint.ExclusiveHandle, Bytes: 1 << 1, Uses: 1},
		{Path: "merged", Kind: checkpoint.SegmentHandle, Bytes: 100 + 1<<10, Uses: 2},
		{Path: "raw operator", Kind: checkpoint.ExclusiveHandle, Bytes: 1 << 2, Uses: 1},
		{Path: "meta", Relative: true, Kind: checkpoint.ExclusiveHandle, Bytes: 1 << 3, Uses: 1},
		{Path: "sst", Kind: checkpoint.SharedHandle, Bytes: 1 << 4, Uses: 2},
		{Path: "private", Kind: checkpoint.ExclusiveHandle, Bytes: 1 << 5, Uses: 1},
		{Path: "log", Kind: checkpoint.ChangelogHandle, Bytes: 1 << 8, Uses: 1},
		{Path: "raw keyed", Kind: checkpoint.ExclusiveHandle, Bytes: 1 << 9, Uses: 1},
		{Path: "input", Kind: checkpoint.ExclusiveHandle, Bytes: 1, Uses: 1},
	}
	if diff := cmp.Diff(want, everything().Files()); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// TestMapPaths: all that is absolute moves, and the original stays where it is.
func TestMapPaths(t *testing.T) {
	m := everything()
	moved := m.MapPaths(func(path string) string { return "new/" + path })
	if diff := cmp.Diff(everything(), m); diff != "" {
		t.Errorf("the original has changed:\n%s", diff)
	}
	if got := moved.StateSize(); got != m.StateSize() {
		t.Errorf("size %d, was %d", got, m.StateSize())
	}
	for i, f := range moved.Files() {
		want := m.Files()[i]
		if !want.Relative {
			want.Path = "new/" + want.Path
		}
		if f != want {
			t.Errorf("file %+v, want %+v", f, want)
		}
	}
	h := moved.Operators[0].Subtasks[1].State.ManagedOperatorState.(*checkpoint.FileMergingOperatorStreamStateHandle)
	if h.TaskOwnedDir != "new/owned" || h.SharedDir != "new/shared" {
		t.Errorf("directories %q and %q", h.TaskOwnedDir, h.SharedDir)
	}
	back := moved.MapPaths(func(path string) string { return strings.TrimPrefix(path, "new/") })
	if diff := cmp.Diff(m, back); diff != "" {
		t.Errorf("moved and moved back (-before +after):\n%s", diff)
	}
}

func TestAbsolute(t *testing.T) {
	for _, f := range everything().Absolute("s3://b/chk-1/").Files() {
		if f.Relative || f.Bytes == 1<<3 && f.Path != "s3://b/chk-1/meta" {
			t.Errorf("file %+v", f)
		}
	}
}
