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
	handle checkpoint.StreamStateHandle // the registry's own copy
	usage
}

// keep records one mention. It fails, and changes nothing, if other state of that
// name is in use.
func (r *Registry) keep(u use, checkpointID int64) error {
	k := r.handles[u.path]
	if k == nil {
		k = &keptHandle{handle: own(u.handle), usage: firstUse(checkpointID)}
		r.handles[strings.Clone(u.path)] = k
	}
	if !alike(k.handle, u.handle) {
		if r.settled(k.usage) {
			return ErrOverwritten
		}
		k.handle = own(u.handle)
	}
	k.usage = r.usedBy(checkpointID, k.usage)
	return nil
}

// forget drops what no checkpoint from lowest on uses, and which of those before
// have completed.
func (r *Registry) forget(lowest int64) {
	maps.DeleteFunc(r.handles, func(_ string, k *keptHandle) bool { return k.lastUsed < lowest })
	maps.DeleteFunc(r.completed, func(id int64, _ struct{}) bool { return id < lowest })
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
