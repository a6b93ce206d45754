package sharedstate_test

import (
	"fmt"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/sharedstate"
)

func registry(t *testing.T, checkpoints ...sharedstate.Restored) *sharedstate.Registry {
	t.Helper()
	r := sharedstate.New()
	for _, cp := range checkpoints {
		register(t, r, cp)
	}
	return r
}

func register(t *testing.T, r *sharedstate.Registry, cp sharedstate.Restored) {
	t.Helper()
	if err := r.Register(cp); err != nil {
		t.Fatal(err)
	}
}

func owned(id int64, state *checkpoint.OperatorSubtaskState) sharedstate.Restored {
	cp := unowned(id, state)
	cp.Owned = true
	return cp
}

func unowned(id int64, state *checkpoint.OperatorSubtaskState) sharedstate.Restored {
	return sharedstate.Restored{
		CheckpointID: id,
		Directory:    fmt.Sprintf("file:///job/chk-%d", id),
		Operators: []checkpoint.OperatorState{{
			Parallelism: 2, MaxParallelism: 2,
			Subtasks: []checkpoint.SubtaskState{{Index: 0, State: state}, {Index: 1}},
		}},
	}
}

func keyed(h checkpoint.KeyedStateHandle) *checkpoint.OperatorSubtaskState {
	return &checkpoint.OperatorSubtaskState{ManagedKeyedState: h}
}

func shared(paths ...string) *checkpoint.OperatorSubtaskState {
	h := &checkpoint.IncrementalRemoteKeyedStateHandle{}
	for _, path := range paths {
		h.SharedState = append(h.SharedState, checkpoint.HandleAndLocalPath{LocalPath: path, Handle: file(path)})
	}
	return keyed(h)
}

func private(path string) *checkpoint.IncrementalRemoteKeyedStateHandle {
	return &checkpoint.IncrementalRemoteKeyedStateHandle{
		PrivateState: []checkpoint.HandleAndLocalPath{{LocalPath: path, Handle: file(path)}},
	}
}

func merged(taskOwned, shared string) *checkpoint.OperatorSubtaskState {
	return &checkpoint.OperatorSubtaskState{ManagedOperatorState: &checkpoint.FileMergingOperatorStreamStateHandle{
		TaskOwnedDir: taskOwned, SharedDir: shared, Empty: true, Delegate: &checkpoint.EmptySegmentFileStateHandle{},
	}}
}

func file(path string) *checkpoint.FileStateHandle {
	return &checkpoint.FileStateHandle{Path: path, Size: 1}
}
