package checkpoint

// StreamStateHandle says where a run of state bytes is. It is one of
// *ByteStreamStateHandle, *FileStateHandle, *RelativeFileStateHandle,
// *SegmentFileStateHandle, *EmptySegmentFileStateHandle and
// *KeyGroupsStateHandle; nil where a file says that there is none. What a subtask
// reports may also hold a *PlaceholderStreamStateHandle.
type StreamStateHandle interface {
	// StateSize is the number of bytes behind the handle as Flink counts them.
	// It may be -1 for a file whose size Flink could not find out.
	StateSize() int64

	streamStateHandle()
}

// ByteStreamStateHandle holds small state inline.
type ByteStreamStateHandle struct {
	// HandleName is the path that a file would have had, a random UUID, or for
	// coordinator state the operator id. It is part of the handle's identity.
	HandleName string
	Data       []byte
}

// FileStateHandle is a whole file, by its absolute path in Flink's form
// (file:/tmp/x, s3://bucket/x; never percent-encoded).
type FileStateHandle struct {
	Path string
	Size int64
}

// RelativeFileStateHandle is a whole file beside the metadata: its path is
// relative to the directory that holds the _metadata file, wherever that is.
// It is what makes savepoints relocatable.
type RelativeFileStateHandle struct {
	RelativePath string
	Size         int64
}

// FileMergingScope says who may share a physical file of merged segments.
type FileMergingScope int32

// The scopes, with the numbers that Flink stores.
const (
	ScopeExclusive FileMergingScope = 0
	ScopeShared    FileMergingScope = 1
)

// SegmentFileStateHandle is a part of a physical file that several handles
// share (Flink 1.20 and later, file merging).
type SegmentFileStateHandle struct {
	StartPos      int64
	Size          int64
	Scope         FileMergingScope
	PhysicalPath  string // absolute
	LogicalFileID string
}

// EmptySegmentFileStateHandle stands for a segment with nothing in it.
type EmptySegmentFileStateHandle struct{}

// StateSize returns the number of inline bytes.
func (h *ByteStreamStateHandle) StateSize() int64 { return int64(len(h.Data)) }

// StateSize returns the size of the file.
func (h *FileStateHandle) StateSize() int64 { return h.Size }

// StateSize returns the size of the file.
func (h *RelativeFileStateHandle) StateSize() int64 { return h.Size }

// StateSize returns the size of the segment.
func (h *SegmentFileStateHandle) StateSize() int64 { return h.Size }

// StateSize returns 0.
func (h *EmptySegmentFileStateHandle) StateSize() int64 { return 0 }

func (*ByteStreamStateHandle) streamStateHandle()       {}
func (*FileStateHandle) streamStateHandle()             {}
func (*RelativeFileStateHandle) streamStateHandle()     {}
func (*SegmentFileStateHandle) streamStateHandle()      {}
func (*EmptySegmentFileStateHandle) streamStateHandle() {}
func (*KeyGroupsStateHandle) streamStateHandle()        {}

// PlaceholderStreamStateHandle stands for a file that an earlier checkpoint uploaded
// and that a subtask uses again: it sends the name only, and the coordinator puts
// the handle of then in its place (Flink: class of the same name). It is never in
// metadata.
type PlaceholderStreamStateHandle struct {
	// PhysicalID is the path of the file, or the name of an inline handle.
	PhysicalID string
	Size       int64
}

// StateSize returns the size of the file.
func (h *PlaceholderStreamStateHandle) StateSize() int64 { return h.Size }

func (*PlaceholderStreamStateHandle) streamStateHandle() {}
