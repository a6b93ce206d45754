package metadata

import (
	"math"

	"github.com/cairnstate/cairn/checkpoint"
)

// A keyed state handle is a tag and
//
//	 3  key groups, old      range, i64 offset of each, stream handle
//	 7  savepoint            the same
//	12  key groups           the same, utf handle id
//	 5  increment, old       i64 checkpoint id, utf backend id, range,
//	                         stream handle of the meta state, files shared, files private
//	11  increment            the same, with i64 size after the range and utf handle id at the end
//	 8, 14, 9, 10, 13        parts of a changelog, see changelog.go
//
// where a range is i32 first key group and i32 number of them (not the last),
// and files are in files.go.

func (d *decoder) keyed() checkpoint.KeyedStateHandle {
	switch tag := d.u8(); tag {
	case tagNull:
		return nil
	case tagKeyGroups:
		return d.keyGroups(checkpoint.KeyGroupsWithoutID)
	case tagSavepointGroups:
		return d.keyGroups(checkpoint.KeyGroupsSavepoint)
	case tagKeyGroupsV2:
		return d.keyGroups(checkpoint.KeyGroupsWithID)
	case tagIncrement, tagIncrementV2:
		return d.increment(tag == tagIncrement)
	case tagChangelog, tagChangelogV2:
		return d.changelog(tag == tagChangelog)
	case tagInMemoryLog:
		return d.inMemoryLog()
	case tagLogFile, tagLogFileV2:
		return d.logFile(tag == tagLogFile)
	default:
		d.unknownTag("keyed state", tag)
		return nil
	}
}

func (e *encoder) keyed(h checkpoint.KeyedStateHandle) {
	if e.nilPointer(h) {
		return
	}
	switch h := h.(type) {
	case nil:
		e.tag(tagNull)
	case *checkpoint.KeyGroupsStateHandle:
		e.keyGroups(h)
	case *checkpoint.IncrementalRemoteKeyedStateHandle:
		e.increment(h)
	case *checkpoint.ChangelogStateBackendHandle:
		e.changelog(h)
	case *checkpoint.InMemoryChangelogStateHandle:
		e.inMemoryLog(h)
	case *checkpoint.ChangelogFileStateHandle:
		e.logFile(h)
	}
}

func (d *decoder) keyGroupRange() checkpoint.KeyGroupRange {
	r := checkpoint.KeyGroupRange{Start: d.i32(), Count: d.i32()}
	if !canBe(r) {
		d.off -= 8
		d.corrupt("%d key groups from %d on", r.Count, r.Start)
		return checkpoint.KeyGroupRange{}
	}
	return r
}

func (e *encoder) keyGroupRange(r checkpoint.KeyGroupRange) {
	if !canBe(r) {
		e.fail("%d key groups from %d on", r.Count, r.Start)
	}
	e.i32(r.Start)
	e.i32(r.Count)
}

func canBe(r checkpoint.KeyGroupRange) bool {
	return r.Start >= 0 && r.Count >= 0 && int64(r.Start)+int64(r.Count) <= math.MaxInt32+1
}

func (d *decoder) keyGroups(encoding checkpoint.KeyGroupsEncoding) *checkpoint.KeyGroupsStateHandle {
	h := d.mem.keyGroups.one(d)
	if !d.deeper() {
		return h
	}
	h.Encoding = encoding
	h.Range = d.keyGroupRange()
	h.Offsets = d.offsets(int(h.Range.Count))
	h.Delegate = d.delegate()
	if encoding == checkpoint.KeyGroupsWithID {
		h.HandleID = d.utf()
	}
	d.depth--
	return h
}

// offsets reads n offsets, n coming from elsewhere.
func (d *decoder) offsets(n int) []int64 {
	if n > d.left()/8 {
		d.corrupt("%d offsets of 8 bytes announced, %d bytes left", n, d.left())
		return nil
	}
	return d.longs(n)
}

func (e *encoder) keyGroups(h *checkpoint.KeyGroupsStateHandle) {
	switch h.Encoding {
	case checkpoint.KeyGroupsWithoutID:
		e.tag(tagKeyGroups)
	case checkpoint.KeyGroupsSavepoint:
		e.tag(tagSavepointGroups)
	default:
		e.tag(tagKeyGroupsV2)
	}
	e.keyGroupOffsets(h)
	if h.Encoding == checkpoint.KeyGroupsWithID {
		e.utf(h.HandleID)
	}
}

// nestedKeyGroups writes the handle where a stream handle stands, which has no
// room for an id.
func (e *encoder) nestedKeyGroups(h *checkpoint.KeyGroupsStateHandle) {
	e.tag(tagKeyGroups)
	e.keyGroupOffsets(h)
}

func (e *encoder) keyGroupOffsets(h *checkpoint.KeyGroupsStateHandle) {
	if len(h.Offsets) != int(h.Range.Count) {
		e.fail("%d offsets for the %d key groups %s", len(h.Offsets), h.Range.Count, h.Range)
	}
	e.keyGroupRange(h.Range)
	e.longs(h.Offsets)
	e.delegate(h.Delegate)
}

func (d *decoder) increment(legacy bool) *checkpoint.IncrementalRemoteKeyedStateHandle {
	h := d.mem.increment.one(d)
	h.Legacy = legacy
	h.CheckpointID = d.i64()
	h.BackendID = d.utf()
	h.Range = d.keyGroupRange()
	if !legacy {
		h.CheckpointedSize = d.i64()
	}
	d.enter("meta state")
	h.MetaState = d.delegate()
	d.leave()
	h.SharedState = d.files("shared file")
	h.PrivateState = d.files("private file")
	if !legacy {
		h.HandleID = d.utf()
	}
	return h
}

func (e *encoder) increment(h *checkpoint.IncrementalRemoteKeyedStateHandle) {
	if h.Legacy {
		e.tag(tagIncrement)
	} else {
		e.tag(tagIncrementV2)
	}
	e.i64(h.CheckpointID)
	e.utf(h.BackendID)
	e.keyGroupRange(h.Range)
	if !h.Legacy {
		e.i64(h.CheckpointedSize)
	}
	e.delegate(h.MetaState)
	e.files("shared file", h.SharedState)
	e.files("private file", h.PrivateState)
	if !h.Legacy {
		e.utf(h.HandleID)
	}
}
