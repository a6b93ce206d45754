package sharedstate_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/sharedstate"
)

// The life of files in checkpoints that tasks acknowledge, of which one is kept.
func TestFileStaysWhilePlaceholdersStandForIt(t *testing.T) {
	r := sharedstate.New()
	acknowledge(t, r, 1, shared("s3://b/f1", "s3://b/f2"))
	r.CheckpointCompleted(1)
	wantDeleted(t, r.UnregisterUnused(1))

	got := acknowledge(t, r, 2, sharing(placeholder("s3://b/f1"), file("s3://b/f3")))
	r.CheckpointCompleted(2)
	if diff := cmp.Diff(sharing(file("s3://b/f1"), file("s3://b/f3")), got); diff != "" {
		t.Errorf("state of checkpoint 2 (-want +got):\n%s", diff)
	}
	wantDeleted(t, r.UnregisterUnused(2), "s3://b/f2")
	wantDeleted(t, r.UnregisterUnused(3), "s3://b/f1", "s3://b/f3")
}

func TestAcknowledgementsOutOfOrder(t *testing.T) {
	r := sharedstate.New()
	acknowledge(t, r, 3, shared("/s/f"))
	acknowledge(t, r, 2, shared("/s/f")) // late; 3 has it still
	wantDeleted(t, r.UnregisterUnused(3))
	wantDeleted(t, r.UnregisterUnused(4), "/s/f")
}

func TestPlaceholders(t *testing.T) {
	inline := &checkpoint.ByteStreamStateHandle{HandleName: "5f0c", Data: []byte("bytes")}
	segment := &checkpoint.SegmentFileStateHandle{StartPos: 7, Size: 3, Scope: checkpoint.ScopeShared, PhysicalPath: "s3://b/merged", LogicalFileID: "a1"}
	for name, test := range map[string]struct {
		then        checkpoint.StreamStateHandle
		placeholder string
		want        checkpoint.StreamStateHandle
	}{
		"a file":               {file("s3://b/f"), "s3://b/f", file("s3://b/f")},
		"another spelling":     {file("s3a://b/f"), "s3://b//f", file("s3://b//f")},
		"a file of no size":    {&checkpoint.FileStateHandle{Path: "/f", Size: -1}, "/f", &checkpoint.FileStateHandle{Path: "/f", Size: -1}},
		"inline bytes":         {inline, "5f0c", inline},
		"a segment of a file":  {segment, "a1", segment},
		"an empty inline name": {&checkpoint.ByteStreamStateHandle{Data: []byte("x")}, "", &checkpoint.ByteStreamStateHandle{Data: []byte("x")}},
	} {
		t.Run(name, func(t *testing.T) {
			for where, state := range map[string]func(checkpoint.StreamStateHandle) *checkpoint.OperatorSubtaskState{
				"managed":   func(h checkpoint.StreamStateHandle) *checkpoint.OperatorSubtaskState { return sharing(h) },
				"raw":       func(h checkpoint.StreamStateHandle) *checkpoint.OperatorSubtaskState { return raw(sharing(h)) },
				"changelog": func(h checkpoint.StreamStateHandle) *checkpoint.OperatorSubtaskState { return changelog(h) },
			} {
				r := sharedstate.New()
				acknowledge(t, r, 1, state(test.then))
				sent := state(placeholder(test.placeholder))
				got := acknowledge(t, r, 2, sent)
				if diff := cmp.Diff(state(test.want), got); diff != "" {
					t.Errorf("%s: (-want +got):\n%s", where, diff)
				}
				if diff := cmp.Diff(state(placeholder(test.placeholder)), sent); diff != "" {
					t.Errorf("%s: what was sent has changed:\n%s", where, diff)
				}
			}
		})
	}
}

func TestStateWithoutPlaceholdersIsReturnedAsItIs(t *testing.T) {
	state := shared("/s/f1", "/s/f2")
	r := sharedstate.New()
	for id := range int64(3) {
		if got := acknowledge(t, r, id, state); got != state {
			t.Errorf("checkpoint %d has a copy", id)
		}
	}
	if got := acknowledge(t, r, 3, nil); got != nil {
		t.Errorf("no state became %+v", got)
	}
}

// The task may go on with what a checkpoint of the last run brought.
func TestPlaceholderForRestoredState(t *testing.T) {
	relative := &checkpoint.RelativeFileStateHandle{RelativePath: "000001.sst", Size: 9}
	savepoint := at("s3://b/sp", owned(1, sharing(relative, &checkpoint.ByteStreamStateHandle{HandleName: "n", Data: []byte("x")})))
	got := acknowledge(t, registry(t, savepoint), 2, sharing(placeholder("s3://b/sp/000001.sst"), placeholder("n")))
	want := sharing(&checkpoint.FileStateHandle{Path: "s3://b/sp/000001.sst", Size: 9}, &checkpoint.ByteStreamStateHandle{HandleName: "n", Data: []byte("x")})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A segment belongs to the tasks, but what a checkpoint has a part of keeps the
// directory around it.
func TestPlaceholderForSegmentKeepsItsDirectory(t *testing.T) {
	segment := &checkpoint.SegmentFileStateHandle{Size: 9, PhysicalPath: "/job/shared/s0/merged", LogicalFileID: "id"}
	r := registry(t, owned(1, merged("/job/taskowned", "/job/shared/s0")))
	acknowledge(t, r, 1, sharing(segment))
	acknowledge(t, r, 2, sharing(placeholder("id")))
	wantDeleted(t, r.UnregisterUnused(2), "/job/taskowned")
	wantDeleted(t, r.UnregisterUnused(3), "/job/shared/s0")
}

func TestPlaceholderForWhatIsGone(t *testing.T) {
	r := sharedstate.New()
	acknowledge(t, r, 1, sharing(file("/s/f"), &checkpoint.ByteStreamStateHandle{HandleName: "n"}))
	r.UnregisterUnused(2)
	for _, name := range []string{"/s/f", "n", "/s/never"} {
		_, err := r.RegisterAcknowledged(2, sharing(placeholder(name)))
		if !errors.Is(err, sharedstate.ErrUnknownPlaceholder) || !strings.Contains(err.Error(), `checkpoint 2: "`+name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Until a checkpoint has completed, a failed attempt may write a file again; then
// never more, for that would be the end of the checkpoint.
func TestOtherStateOfTheSameName(t *testing.T) {
	for name, test := range map[string]struct{ old, other checkpoint.StreamStateHandle }{
		"/s/f": {file("/s/f"), &checkpoint.FileStateHandle{Path: "/s/f", Size: 2}},
		"n":    {&checkpoint.ByteStreamStateHandle{HandleName: "n", Data: []byte("a")}, &checkpoint.ByteStreamStateHandle{HandleName: "n", Data: []byte("b")}},
		"id":   {&checkpoint.SegmentFileStateHandle{LogicalFileID: "id", Size: 1}, &checkpoint.SegmentFileStateHandle{LogicalFileID: "id", Size: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			r := sharedstate.New()
			acknowledge(t, r, 1, sharing(test.old))
			acknowledge(t, r, 2, sharing(test.other))
			if diff := cmp.Diff(sharing(test.other), acknowledge(t, r, 3, sharing(placeholder(name)))); diff != "" {
				t.Errorf("before completion (-want +got):\n%s", diff)
			}
			r.CheckpointCompleted(3)
			acknowledge(t, r, 4, sharing(test.other))
			if _, err := r.RegisterAcknowledged(5, sharing(test.old)); !errors.Is(err, sharedstate.ErrOverwritten) {
				t.Errorf("after completion: %v", err)
			}
			if diff := cmp.Diff(sharing(test.other), acknowledge(t, r, 5, sharing(placeholder(name)))); diff != "" {
				t.Errorf("after completion (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRestoredStateIsOfACompletedCheckpoint(t *testing.T) {
	r := registry(t, owned(1, shared("/s/f")))
	if _, err := r.RegisterAcknowledged(2, sharing(&checkpoint.FileStateHandle{Path: "/s/f", Size: 2})); !errors.Is(err, sharedstate.ErrOverwritten) {
		t.Errorf("%v", err)
	}
}

// Whoever could not find out the size does not say that it changed.
func TestUnknownSizeIsNoOther(t *testing.T) {
	unknown := &checkpoint.FileStateHandle{Path: "/s/f", Size: -1}
	r := registry(t, owned(1, shared("/s/f")))
	acknowledge(t, r, 2, sharing(unknown))
	if diff := cmp.Diff(shared("/s/f").ManagedKeyedState.StateSize(), acknowledge(t, r, 3, sharing(placeholder("/s/f"))).ManagedKeyedState.StateSize()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRelativePathCannotBeShared(t *testing.T) {
	relative := &checkpoint.RelativeFileStateHandle{RelativePath: "f"}
	if _, err := sharedstate.New().RegisterAcknowledged(1, sharing(relative)); !errors.Is(err, sharedstate.ErrRelative) {
		t.Errorf("%v", err)
	}
	private := keyed(&checkpoint.IncrementalRemoteKeyedStateHandle{MetaState: relative})
	acknowledge(t, sharedstate.New(), 1, private) // is nobody else's
}

func TestAcknowledgedAfterClose(t *testing.T) {
	r := sharedstate.New()
	r.Close()
	r.CheckpointCompleted(1) // harmless
	if _, err := r.RegisterAcknowledged(1, shared("/s/f")); !errors.Is(err, sharedstate.ErrClosed) {
		t.Errorf("%v", err)
	}
}

func acknowledge(t *testing.T, r *sharedstate.Registry, id int64, state *checkpoint.OperatorSubtaskState) *checkpoint.OperatorSubtaskState {
	t.Helper()
	registered, err := r.RegisterAcknowledged(id, state)
	if err != nil {
		t.Fatal(err)
	}
	return registered
}

func placeholder(name string) *checkpoint.PlaceholderStreamStateHandle {
	return &checkpoint.PlaceholderStreamStateHandle{PhysicalID: name, Size: 1}
}

func sharing(handles ...checkpoint.StreamStateHandle) *checkpoint.OperatorSubtaskState {
	h := &checkpoint.IncrementalRemoteKeyedStateHandle{}
	for _, handle := range handles {
		h.SharedState = append(h.SharedState, checkpoint.HandleAndLocalPath{Handle: handle})
	}
	return keyed(h)
}

func raw(s *checkpoint.OperatorSubtaskState) *checkpoint.OperatorSubtaskState {
	return &checkpoint.OperatorSubtaskState{RawKeyedState: s.ManagedKeyedState}
}

// changelog has the handle in both of its parts, among others.
func changelog(h checkpoint.StreamStateHandle) *checkpoint.OperatorSubtaskState {
	return keyed(&checkpoint.ChangelogStateBackendHandle{
		Materialized: []checkpoint.KeyedStateHandle{
			&checkpoint.KeyGroupsStateHandle{Delegate: file("/heap")},
			sharing(file("/before"), h).ManagedKeyedState,
		},
		NonMaterialized: []checkpoint.KeyedStateHandle{
			&checkpoint.InMemoryChangelogStateHandle{},
			&checkpoint.ChangelogFileStateHandle{Parts: []checkpoint.HandleAndOffset{{Handle: h, Offset: 3}}},
		},
	})
}
