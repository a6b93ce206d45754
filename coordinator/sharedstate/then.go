package sharedstate

import (
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
)

// handlesOfThen are what the placeholders of a subtask's state stand for, in the
// order of the walk.
type handlesOfThen []checkpoint.StreamStateHandle

// fill returns the state with each placeholder replaced. It copies what it changes.
func (h handlesOfThen) fill(s *checkpoint.OperatorSubtaskState) *checkpoint.OperatorSubtaskState {
	if len(h) == 0 {
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
		*place, *h = (*h)[0], (*h)[1:]
	}
}
