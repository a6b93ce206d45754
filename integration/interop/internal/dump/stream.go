package dump

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
)

func stream(handle checkpoint.StreamStateHandle) any {
	switch h := handle.(type) {
	case nil:
		return nil
	case *checkpoint.ByteStreamStateHandle:
		return object{"class": "ByteStreamStateHandle", "name": text(h.HandleName), "bytes": hexOrDigest(h.Data)}
	case *checkpoint.FileStateHandle:
		return object{"class": "FileStateHandle", "path": text(h.Path), "size": h.Size}
	case *checkpoint.RelativeFileStateHandle:
		return object{"class": "RelativeFileStateHandle", "path": text(h.RelativePath), "size": h.Size}
	case *checkpoint.SegmentFileStateHandle:
		return segment("SegmentFileStateHandle", h)
	case *checkpoint.EmptySegmentFileStateHandle:
		// Not stored: these are the fields of Flink's singleton.
		return segment("EmptySegmentFileStateHandle", &checkpoint.SegmentFileStateHandle{
			PhysicalPath: "empty", LogicalFileID: "DUMMY", Scope: checkpoint.ScopeExclusive,
		})
	case *checkpoint.KeyGroupsStateHandle:
		return keyGroups("KeyGroupsStateHandle", h)
	}
	panic(fmt.Sprintf("dump: no words for the stream handle %T", handle))
}

func segment(class string, h *checkpoint.SegmentFileStateHandle) object {
	scope := "EXCLUSIVE"
	if h.Scope == checkpoint.ScopeShared {
		scope = "SHARED"
	}
	return object{
		"class":         class,
		"path":          text(h.PhysicalPath),
		"start":         h.StartPos,
		"size":          h.Size,
		"scope":         scope,
		"logicalFileId": text(h.LogicalFileID),
	}
}

func keyGroups(class string, h *checkpoint.KeyGroupsStateHandle) object {
	return object{
		"class":     class,
		"keyGroups": keyGroupRange(h.Range),
		"offsets":   numbers(h.Offsets),
		"delegate":  stream(h.Delegate),
	}
}

// keyGroupRange moves an empty range to zero, as Flink does.
func keyGroupRange(r checkpoint.KeyGroupRange) any {
	if r.Empty() {
		r = checkpoint.KeyGroupRange{}
	}
	return object{"start": int64(r.Start), "count": int64(r.Count)}
}
