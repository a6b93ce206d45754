package shrink

import (
	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/internal/verdict"
)

// cutField takes away one kind of state of one subtask.
func cutField(c *verdict.Case, at int) bool {
	const fields = 5
	all := states(c)
	if at >= fields*len(all) {
		return false
	}
	s := all[at/fields]
	switch at % fields {
	case 0:
		s.ManagedOperatorState = nil
	case 1:
		s.RawOperatorState = nil
	case 2:
		s.ManagedKeyedState = nil
	case 3:
		s.RawKeyedState = nil
	case 4:
		s.Channels = nil
	}
	return true
}

// cutCoordinator takes away what an operator's coordinator kept.
func cutCoordinator(c *verdict.Case, at int) bool {
	if at >= len(c.Checkpoint.Operators) {
		return false
	}
	had := c.Checkpoint.Operators[at].Coordinator != nil
	c.Checkpoint.Operators[at].Coordinator = nil
	return had
}

func cutChannel(c *verdict.Case, at int) bool {
	for _, s := range states(c) {
		if s.Channels == nil {
			continue
		}
		for _, handles := range []*[]checkpoint.ChannelStateHandle{&s.Channels.Input, &s.Channels.ResultSubpartition} {
			if at < len(*handles) {
				return remove(handles, at)
			}
			at -= len(*handles)
		}
	}
	return false
}

// lists are the named operator states of all subtasks.
func lists(c *verdict.Case) (all []*[]checkpoint.OperatorStatePartitions) {
	for _, s := range states(c) {
		for _, h := range []checkpoint.OperatorStateHandle{s.ManagedOperatorState, s.RawOperatorState} {
			switch h := h.(type) {
			case *checkpoint.OperatorStreamStateHandle:
				all = append(all, &h.States)
			case *checkpoint.FileMergingOperatorStreamStateHandle:
				all = append(all, &h.States)
			}
		}
	}
	return all
}

func cutList(c *verdict.Case, at int) bool {
	for _, list := range lists(c) {
		if at < len(*list) {
			return remove(list, at)
		}
		at -= len(*list)
	}
	return false
}

func cutOffset(c *verdict.Case, at int) bool {
	for _, list := range lists(c) {
		for i := range *list {
			offsets := &(*list)[i].Offsets
			if at < len(*offsets) {
				return remove(offsets, at)
			}
			at -= len(*offsets)
		}
	}
	return false
}
