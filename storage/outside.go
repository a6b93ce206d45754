package storage

import (
	"errors"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
)

// ErrOutsideState says that an offset points before or behind the state that it is an
// offset in. Metadata has no checksum: where it has such offsets it is damaged.
var ErrOutsideState = errors.New("an offset lies outside of the state")

func outside(what string, offset int64, delegate checkpoint.StreamStateHandle, size int64) error {
	return fmt.Errorf("storage: the metadata is damaged: %w: %s begins at byte %d of %s, which has %d bytes; restore another checkpoint",
		ErrOutsideState, what, offset, nameOf(delegate), size)
}

// ends returns how many bytes the handle has, if that is known.
func (e extent) ends() (size int64, known bool) {
	if !e.isFile {
		return int64(len(e.inline)), true
	}
	return e.size, e.sizeIsExact()
}

// nameOf returns by which name people find the bytes of a handle.
func nameOf(h checkpoint.StreamStateHandle) string {
	switch h := h.(type) {
	case *checkpoint.KeyGroupsStateHandle:
		return nameOf(h.Delegate)
	case *checkpoint.FileStateHandle:
		return fmt.Sprintf("%q", redact(h.Path))
	case *checkpoint.RelativeFileStateHandle:
		return fmt.Sprintf("%q", redact(h.RelativePath))
	case *checkpoint.SegmentFileStateHandle:
		return fmt.Sprintf("a segment of %q, at %d", redact(h.PhysicalPath), h.StartPos)
	case *checkpoint.ByteStreamStateHandle:
		return "state in the metadata itself"
	}
	return fmt.Sprintf("a %T", h)
}
