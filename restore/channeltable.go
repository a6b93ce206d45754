package restore

import (
	"iter"

	"github.com/cairnstate/cairn/checkpoint"
)

// ChannelHandles is the in-flight data of one subtask: gate after gate (or result
// partition after partition), and in each the old subtasks in order. It is a
// view; the handles are shared with other subtasks.
type ChannelHandles struct {
	first []*checkpoint.SingleChannelStateHandle
	rest  [][]*checkpoint.SingleChannelStateHandle
}

func channelHandles(handles []*checkpoint.SingleChannelStateHandle) ChannelHandles {
	return ChannelHandles{first: handles}
}

// Len returns the number of handles.
func (h ChannelHandles) Len() int {
	n := len(h.first)
	for _, handles := range h.rest {
		n += len(handles)
	}
	return n
}

// All returns the handles.
func (h ChannelHandles) All() iter.Seq[*checkpoint.SingleChannelStateHandle] {
	return func(yield func(*checkpoint.SingleChannelStateHandle) bool) {
		for _, handle := range h.first {
			if !yield(handle) {
				return
			}
		}
		for _, handles := range h.rest {
			for _, handle := range handles {
				if !yield(handle) {
					return
				}
			}
		}
	}
}

// channelTable is the in-flight data of all new subtasks of a vertex.
type channelTable struct {
	gates []channelColumn
}

// channelColumn is what one gate or partition contributes, by new subtask.
type channelColumn [][]*checkpoint.SingleChannelStateHandle

func (t *channelTable) at(subtask int32) ChannelHandles {
	switch len(t.gates) {
	case 0:
		return ChannelHandles{}
	case 1:
		return ChannelHandles{first: t.gates[0][subtask]}
	}
	h := ChannelHandles{first: t.gates[0][subtask]}
	for _, gate := range t.gates[1:] {
		if handles := gate[subtask]; len(handles) > 0 {
			h.rest = append(h.rest, handles)
		}
	}
	return h
}

// flat is the handles of all old subtasks, one after the other: those of subtask
// i are handles[start[i]:start[i+1]].
type flat struct {
	handles []*checkpoint.SingleChannelStateHandle
	start   []int
}

// flatten lays out what old subtasks have for a gate; all of it if gate is -1.
func flatten(old [][]*checkpoint.SingleChannelStateHandle, gate int) flat {
	f := flat{start: make([]int, 1, len(old)+1)}
	for _, handles := range old {
		for _, h := range handles {
			if gate < 0 || int(h.Channel.Group) == gate {
				f.handles = append(f.handles, h)
			}
		}
		f.start = append(f.start, len(f.handles))
	}
	return f
}

// of returns the handles of old subtasks: a part of the shared list if they are
// neighbours.
func (f *flat) of(old Indexes) []*checkpoint.SingleChannelStateHandle {
	if old.Count == 0 {
		return nil
	}
	if old.run() {
		from, to := f.start[old.First], f.start[old.First+old.Count]
		return f.handles[from:to:to]
	}
	var handles []*checkpoint.SingleChannelStateHandle
	for i := range old.All() {
		handles = append(handles, f.handles[f.start[i]:f.start[i+1]]...)
	}
	return handles
}

// remap gives the in-flight data of one gate to new subtasks.
func (f *flat) remap(m *Mapping) channelColumn {
	column := make(channelColumn, m.NewSubtasks)
	for i := range column {
		column[i] = f.of(m.Old(int32(i)))
	}
	return column
}
