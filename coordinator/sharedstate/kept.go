package sharedstate

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
)

// keptHandle is a handle that has no file of its own: inline bytes, or a segment
// of a merged file. Nothing follows when it is unused; it is here for placeholders.
type keptHandle struct {
	handle    checkpoint.StreamStateHandle // the registry's own copy
	confirmed bool
	usage
}

// keptHandles are known by Flink's physical ids.
type keptHandles map[string]*keptHandle

// keep records one mention. It returns false if other state of that name is in use
// by a completed checkpoint; then that stays what it is.
func (k keptHandles) keep(u use, checkpointID int64, completed completions) bool {
	known := k[u.path]
	if known == nil {
		k[strings.Clone(u.path)] = &keptHandle{handle: own(u.handle), usage: usage{checkpointID, checkpointID}}
		return true
	}
	known.confirmed = completed.confirm(known.confirmed, known.usage)
	known.usedBy(checkpointID)
	if alike(known.handle, u.handle) {
		return true
	}
	if !known.confirmed {
		known.handle = own(u.handle)
	}
	return !known.confirmed
}

// forget drops what no checkpoint from lowest on uses.
func (k keptHandles) forget(lowest int64) {
	maps.DeleteFunc(k, func(_ string, h *keptHandle) bool { return h.lastUsed < lowest })
}

// own copies a handle: decoded ones are views into the whole file.
func own(h checkpoint.StreamStateHandle) checkpoint.StreamStateHandle {
	switch h := h.(type) {
	case *checkpoint.ByteStreamStateHandle:
		return &checkpoint.ByteStreamStateHandle{HandleName: strings.Clone(h.HandleName), Data: slices.Clone(h.Data)}
	case *checkpoint.SegmentFileStateHandle:
		copied := *h
		copied.PhysicalPath, copied.LogicalFileID = strings.Clone(h.PhysicalPath), strings.Clone(h.LogicalFileID)
		return &copied
	}
	return h
}

// alike says whether two handles of one name are on the same bytes.
func alike(a, b checkpoint.StreamStateHandle) bool {
	switch a := a.(type) {
	case *checkpoint.ByteStreamStateHandle:
		b, ok := b.(*checkpoint.ByteStreamStateHandle)
		return ok && bytes.Equal(a.Data, b.Data)
	case *checkpoint.SegmentFileStateHandle:
		b, ok := b.(*checkpoint.SegmentFileStateHandle)
		return ok && *a == *b
	}
	return a == b
}
