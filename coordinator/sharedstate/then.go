package sharedstate

import (
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
)

// handlesOfThen are what the placeholders of a subtask's state stand for, in the
// order of the walk.
type handlesOfThen struct {
	handles []checkpoint.StreamStateHandle
	files   []checkpoint.FileStateHandle // room for the next ones
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
			h.next(&filled.SharedState[i].Handle)
		}
		return &filled
	case *checkpoint.ChangelogFileStateHandle:
		filled := *k
		filled.Parts = slices.Clone(k.Parts)
		for i := range filled.Parts {
			h.next(&filled.Parts[i].Handle)
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

func (h *handlesOfThen) next(place *checkpoint.StreamStateHandle) {
	if _, ok := (*place).(*checkpoint.PlaceholderStreamStateHandle); ok {
		*place, h.handles = h.handles[0], h.handles[1:]
	}
}
