package sharedstate

import (
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
)

// handlesOfThen are what the placeholders of a subtask's state stand for, in the
// order of the walk.
type handlesOfThen struct {
	handles []checkpoint.StreamStateHandle
	files   []checkpoint.FileStateHandle // room for more of them
	next    int                          // to be put in its place
}

func (h *handlesOfThen) other(handle checkpoint.StreamStateHandle) {
	h.handles = append(h.handles, handle)
}

func (h *handlesOfThen) file(path string, size int64) {
	if len(h.files) == cap(h.files) {
		h.files = make([]checkpoint.FileStateHandle, 0, atOnce)
	}
	h.files = append(h.files, checkpoint.FileStateHandle{Path: path, Size: size})
	h.other(&h.files[len(h.files)-1])
}

// reset forgets the handles, and keeps the room for the next ones.
func (h *handlesOfThen) reset() {
	clear(h.handles)
	h.handles, h.next, h.files = h.handles[:0], 0, nil
}

// fill returns the state with each placeholder replaced. It copies what it changes.
func (h *handlesOfThen) fill(s *checkpoint.OperatorSubtaskState) *checkpoint.OperatorSubtaskState {
	if len(h.handles) == 0 {
		return s
	}
	filled := *s
	filled.ManagedKeyedState = h.keyed(s.ManagedKeyedState)
	filled.RawKeyedState = h.keyed(s.RawKeyedState)
	return &filled
}

func (h *handlesOfThen) keyed(k checkpoint.KeyedStateHandle) checkpoint.KeyedStateHandle {
	switch k := k.(type) {
	case *checkpoint.IncrementalRemoteKeyedStateHandle:
		filled := *k
		filled.SharedState = slices.Clone(k.SharedState)
		for i := range filled.SharedState {
			h.place(&filled.SharedState[i].Handle)
		}
		return &filled
	case *checkpoint.ChangelogFileStateHandle:
		filled := *k
		filled.Parts = slices.Clone(k.Parts)
		for i := range filled.Parts {
			h.place(&filled.Parts[i].Handle)
		}
		return &filled
	case *checkpoint.ChangelogStateBackendHandle:
		filled := *k
		filled.Materialized, filled.NonMaterialized = h.list(k.Materialized), h.list(k.NonMaterialized)
		return &filled
	}
	return k
}

func (h *handlesOfThen) list(list []checkpoint.KeyedStateHandle) []checkpoint.KeyedStateHandle {
	list = slices.Clone(list)
	for i := range list {
		list[i] = h.keyed(list[i])
	}
	return list
}

func (h *handlesOfThen) place(at *checkpoint.StreamStateHandle) {
	if _, ok := (*at).(*checkpoint.PlaceholderStreamStateHandle); ok {
		*at = h.handles[h.next]
		h.next++
	}
}
