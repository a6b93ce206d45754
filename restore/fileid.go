package restore

import "github.com/cairnstate/cairn/checkpoint"

// fileID tells delegates of operator state apart as Flink's equals does: a file
// by its path whatever its size, inline bytes by their name whatever they are.
type fileID struct {
	kind        fileKind
	name        string
	logicalFile string
	start, size int64
	scope       checkpoint.FileMergingScope
	other       checkpoint.StreamStateHandle
}

type fileKind uint8

const (
	noFile fileKind = iota
	inline
	absoluteFile
	relativeFile
	segment
	emptySegment
	otherFile
)

func identify(h checkpoint.StreamStateHandle) fileID {
	switch h := h.(type) {
	case nil:
		return fileID{}
	case *checkpoint.ByteStreamStateHandle:
		return fileID{kind: inline, name: h.HandleName}
	case *checkpoint.FileStateHandle:
		return fileID{kind: absoluteFile, name: h.Path}
	case *checkpoint.RelativeFileStateHandle:
		return fileID{kind: relativeFile, name: h.RelativePath}
	case *checkpoint.SegmentFileStateHandle:
		return fileID{
			kind: segment, name: h.PhysicalPath, logicalFile: h.LogicalFileID,
			start: h.StartPos, size: h.Size, scope: h.Scope,
		}
	case *checkpoint.EmptySegmentFileStateHandle:
		return fileID{kind: emptySegment}
	}
	return fileID{kind: otherFile, other: h}
}
