package metadata

import "github.com/cairnstate/cairn/checkpoint"

// An operator state handle is a tag and
//
//	 4  partitionable   states, stream handle
//	17  file merging    states, utf task-owned directory, utf shared directory,
//	                    bool empty, stream handle (15 or 16)
//
// where states are i32 n, n times utf name, u8 mode, i32 n, n times i64 offset.

const partitionsBytes = 7 // of a state, at least

func (d *decoder) operatorHandle() checkpoint.OperatorStateHandle {
	switch tag := d.u8(); tag {
	case tagNull:
		return &checkpoint.NullOperatorStateHandle{}
	case tagOperator:
		h := d.mem.operator.one(d)
		h.States, h.Delegate = d.partitions(), d.delegate()
		return h
	case tagFileMerging:
		return d.fileMerging()
	default:
		d.unknownTag("operator state", tag)
		return nil
	}
}

func (e *encoder) operatorHandle(h checkpoint.OperatorStateHandle) {
	if e.nilPointer(h) {
		return
	}
	switch h := h.(type) {
	case *checkpoint.NullOperatorStateHandle:
		e.tag(tagNull)
	case *checkpoint.OperatorStreamStateHandle:
		e.tag(tagOperator)
		e.partitions(h.States)
		e.delegate(h.Delegate)
	case *checkpoint.FileMergingOperatorStreamStateHandle:
		e.fileMerging(h)
	}
}

func (d *decoder) fileMerging() *checkpoint.FileMergingOperatorStreamStateHandle {
	h := d.mem.merging.one(d)
	h.States = d.partitions()
	h.TaskOwnedDir, h.SharedDir = d.utf(), d.utf()
	h.Empty = d.u8() != 0
	h.Delegate = d.stream()
	if d.err == nil && !isSegment(h.Delegate) {
		d.corrupt("the bytes are behind a %T, and can only be behind a segment", h.Delegate)
	}
	return h
}

func (e *encoder) fileMerging(h *checkpoint.FileMergingOperatorStreamStateHandle) {
	if !isSegment(h.Delegate) {
		e.fail("the bytes are behind a %T, and can only be behind a segment", h.Delegate)
	}
	e.tag(tagFileMerging)
	e.partitions(h.States)
	e.utf(h.TaskOwnedDir)
	e.utf(h.SharedDir)
	e.bool(h.Empty)
	e.stream(h.Delegate)
}

func isSegment(h checkpoint.StreamStateHandle) bool {
	switch h.(type) {
	case *checkpoint.SegmentFileStateHandle, *checkpoint.EmptySegmentFileStateHandle:
		return true
	}
	return false
}

func (d *decoder) partitions() []checkpoint.OperatorStatePartitions {
	states := d.mem.partitions.slice(d, d.count("operator states", partitionsBytes))
	for i := range d.each("state", len(states)) {
		s := &states[i]
		s.Name = d.utf()
		s.Mode = checkpoint.OperatorStateMode(d.u8())
		if s.Mode > checkpoint.Broadcast {
			d.off--
			d.corrupt("mode %d of state %q, which is 0, 1 or 2", uint8(s.Mode), s.Name)
		}
		s.Offsets = d.longs(d.count("offsets", 8))
	}
	return states
}

func (e *encoder) partitions(states []checkpoint.OperatorStatePartitions) {
	e.count(len(states))
	for i := range e.each("state", len(states)) {
		e.utf(states[i].Name)
		e.u8(byte(states[i].Mode))
		e.count(len(states[i].Offsets))
		e.longs(states[i].Offsets)
	}
}
