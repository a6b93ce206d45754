package restore

import (
	"iter"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
)

// OperatorStateHandles is the operator state of one subtask: handles in the order
// of the old subtasks that wrote them, one for each file. It is a view; the
// handles are shared with other subtasks.
type OperatorStateHandles struct {
	// Union state is the same for all subtasks, so they share it: shared has a
	// handle or nil for each file of the operator. What a subtask has for itself
	// stands in own by position, and there in place of what is shared.
	shared []checkpoint.OperatorStateHandle
	count  int // of handles that are not nil in shared
	own    []ownHandle
}

// ownHandle is a handle that one subtask has for itself.
type ownHandle struct {
	file    int32 // position of its file among all files of the operator
	handle  checkpoint.OperatorStateHandle
	instead bool // of a shared one
}

// Len returns the number of handles.
func (h OperatorStateHandles) Len() int {
	n := h.count + len(h.own)
	for i := range h.own {
		if h.own[i].instead {
			n--
		}
	}
	return n
}

// All returns the handles.
func (h OperatorStateHandles) All() iter.Seq[checkpoint.OperatorStateHandle] {
	return func(yield func(checkpoint.OperatorStateHandle) bool) {
		own := h.own
		for file, handle := range h.shared {
			for len(own) > 0 && int(own[0].file) <= file {
				if int(own[0].file) == file {
					handle = nil
				}
				if !yield(own[0].handle) {
					return
				}
				own = own[1:]
			}
			if handle != nil && !yield(handle) {
				return
			}
		}
		for i := range own {
			if !yield(own[i].handle) {
				return
			}
		}
	}
}

// Slice returns the handles in a slice of their own. With union state this is as
// long as the operator had subtasks; prefer All.
func (h OperatorStateHandles) Slice() []checkpoint.OperatorStateHandle {
	return slices.Collect(h.All())
}

// operatorTable is the operator state of all new subtasks: those of subtask i are
// own[start[i]:start[i+1]] over shared.
type operatorTable struct {
	shared []checkpoint.OperatorStateHandle
	count  int
	start  []int32
	own    []ownHandle
}

func (t *operatorTable) at(subtask int32) OperatorStateHandles {
	h := OperatorStateHandles{shared: t.shared, count: t.count}
	if t.start != nil {
		from, to := t.start[subtask], t.start[subtask+1]
		h.own = t.own[from:to:to]
	}
	return h
}
