package metadata

import (
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
)

// The tags of handles. One series of numbers serves three positions, and most
// numbers stand in one of them only.
const (
	tagNull            = 0
	tagByteStream      = 1
	tagFile            = 2
	tagKeyGroups       = 3 // stream, and keyed before Flink 1.16
	tagOperator        = 4
	tagIncrement       = 5 // before Flink 1.16
	tagRelative        = 6
	tagSavepointGroups = 7
	tagChangelog       = 8 // before Flink 1.16
	tagInMemoryLog     = 9
	tagLogFile         = 10 // before Flink 1.16
	tagIncrementV2     = 11
	tagKeyGroupsV2     = 12
	tagLogFileV2       = 13
	tagChangelogV2     = 14
	tagSegment         = 15
	tagEmptySegment    = 16
	tagFileMerging     = 17
)

// A stream state handle is a tag and
//
//	 1  inline         utf name, i32 length, bytes
//	 2  file           i64 size, utf path
//	 6  relative file  utf path, i64 size             (the other way round)
//	 3  key groups     range, i64 offset of each, stream handle
//	15  segment        i64 start, i64 size, i32 scope, utf path, utf logical file id
//	16  empty segment

func (d *decoder) stream() checkpoint.StreamStateHandle {
	switch tag := d.u8(); tag {
	case tagNull:
		return nil
	case tagByteStream:
		h := d.mem.byteStream.one(d)
		h.HandleName, h.Data = d.utf(), d.bytes32()
		return h
	case tagFile:
		h := d.mem.file.one(d)
		h.Size, h.Path = d.i64(), d.utf()
		return h
	case tagRelative:
		h := d.mem.relative.one(d)
		h.RelativePath, h.Size = d.utf(), d.i64()
		return h
	case tagSegment:
		return d.segment()
	case tagEmptySegment:
		return &checkpoint.EmptySegmentFileStateHandle{}
	case tagKeyGroups:
		return d.keyGroups(checkpoint.KeyGroupsWithoutID)
	default:
		d.unknownTag("stream state", tag)
		return nil
	}
}

// delegate reads a stream handle that must be there.
func (d *decoder) delegate() checkpoint.StreamStateHandle {
	h := d.stream()
	if h == nil && d.err == nil {
		d.off--
		d.corrupt("there is no stream state handle where one must be")
	}
	return h
}

func (e *encoder) stream(h checkpoint.StreamStateHandle) {
	if e.nilPointer(h) {
		return
	}
	switch h := h.(type) {
	case nil:
		e.tag(tagNull)
	case *checkpoint.ByteStreamStateHandle:
		e.tag(tagByteStream)
		e.utf(h.HandleName)
		e.bytes32(h.Data)
	case *checkpoint.FileStateHandle:
		e.absolute(h.Size, h.Path)
	case *checkpoint.RelativeFileStateHandle:
		e.relative(h)
	case *checkpoint.SegmentFileStateHandle:
		e.segment(h)
	case *checkpoint.EmptySegmentFileStateHandle:
		e.tag(tagEmptySegment)
	case *checkpoint.KeyGroupsStateHandle:
		e.nestedKeyGroups(h)
	case *checkpoint.PlaceholderStreamStateHandle:
		e.fail("a placeholder for %q, which the shared state registry must replace first", h.PhysicalID)
	}
}

func (e *encoder) delegate(h checkpoint.StreamStateHandle) {
	if h == nil {
		e.fail("there is no stream state handle where one must be")
	}
	e.stream(h)
}

func (e *encoder) absolute(size int64, path string) {
	e.tag(tagFile)
	e.i64(size)
	e.utf(path)
}

// relative writes the handle as it is, or as an absolute one if what it is
// relative to is elsewhere than what is being written.
func (e *encoder) relative(h *checkpoint.RelativeFileStateHandle) {
	if e.anchor != "" {
		e.absolute(h.Size, checkpoint.JoinPath(e.anchor, h.RelativePath))
		return
	}
	e.tag(tagRelative)
	e.utf(h.RelativePath)
	e.i64(h.Size)
}

func sameDir(a, b string) bool { return strings.TrimRight(a, "/") == strings.TrimRight(b, "/") }

func (d *decoder) segment() checkpoint.StreamStateHandle {
	h := d.mem.segment.one(d)
	h.StartPos, h.Size = d.i64(), d.i64()
	h.Scope = checkpoint.FileMergingScope(d.i32())
	if h.Scope != checkpoint.ScopeExclusive && h.Scope != checkpoint.ScopeShared {
		d.off -= 4
		d.corrupt("scope %d of a segment, which is 0 or 1", h.Scope)
	}
	h.PhysicalPath, h.LogicalFileID = d.utf(), d.utf()
	return h
}

func (e *encoder) segment(h *checkpoint.SegmentFileStateHandle) {
	e.tag(tagSegment)
	e.i64(h.StartPos)
	e.i64(h.Size)
	e.i32(int32(h.Scope))
	e.utf(h.PhysicalPath)
	e.utf(h.LogicalFileID)
}
