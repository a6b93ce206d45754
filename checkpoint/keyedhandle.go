package checkpoint

// KeyedStateHandle is the keyed state of one subtask, or a part of it. It is
// one of *KeyGroupsStateHandle, *IncrementalRemoteKeyedStateHandle,
// *ChangelogStateBackendHandle, *InMemoryChangelogStateHandle and
// *ChangelogFileStateHandle; nil where there is none.
type KeyedStateHandle interface {
	// KeyGroups is the range of key groups that the state covers.
	KeyGroups() KeyGroupRange

	// StateSize is the number of bytes behind the handle as Flink counts them.
	StateSize() int64

	keyedStateHandle()
}

// KeyGroupsEncoding tells the encodings of KeyGroupsStateHandle apart.
type KeyGroupsEncoding uint8

// The encodings of full keyed state.
const (
	KeyGroupsWithID    KeyGroupsEncoding = iota // tag 12, of Flink 1.15 and later: has a HandleID
	KeyGroupsSavepoint                          // tag 7, of canonical savepoints
	KeyGroupsWithoutID                          // tag 3, of Flink before 1.15
)

// KeyGroupsStateHandle is a full snapshot: for each key group in turn, where in
// the delegate it begins. Heap state and canonical savepoints are stored so.
type KeyGroupsStateHandle struct {
	Encoding KeyGroupsEncoding
	Range    KeyGroupRange
	// Offsets has one element for each key group of the range, in order.
	// A negative one says by convention that the key group has no data.
	Offsets  []int64
	Delegate StreamStateHandle
	HandleID string // only with KeyGroupsWithID
}

// HandleAndLocalPath is one file of an incremental snapshot.
type HandleAndLocalPath struct {
	LocalPath string // the file's name inside the state backend: 000012.sst, CURRENT, MANIFEST-000004
	Handle    StreamStateHandle
}

// IncrementalRemoteKeyedStateHandle is a snapshot that shares files with those
// before it, as RocksDB takes them.
type IncrementalRemoteKeyedStateHandle struct {
	// Legacy is set if the handle was read from the encoding without size and id
	// (tag 5, Flink before 1.15); it is then written so again.
	Legacy       bool
	CheckpointID int64
	// BackendID is a UUID in text, except in very old files. Flink's
	// getBackendIdentifier is derived from it; the text is kept.
	BackendID string
	Range     KeyGroupRange
	// CheckpointedSize is what this one checkpoint added; -1 if unknown.
	CheckpointedSize int64 // not in the legacy encoding
	MetaState        StreamStateHandle
	SharedState      []HandleAndLocalPath
	PrivateState     []HandleAndLocalPath
	HandleID         string // not in the legacy encoding
}

// ChangelogStateBackendHandle is a materialized snapshot and the changes since.
type ChangelogStateBackendHandle struct {
	// Legacy is set if the handle was read from the encoding without checkpoint
	// id (tag 8); it is then written so again.
	Legacy            bool
	Range             KeyGroupRange
	CheckpointedSize  int64
	Materialized      []KeyedStateHandle
	NonMaterialized   []KeyedStateHandle // *InMemoryChangelogStateHandle or *ChangelogFileStateHandle
	MaterializationID int64
	CheckpointID      int64 // not in the legacy encoding, where Flink takes MaterializationID
	HandleID          string
}

// StateChange is one entry of an in-memory changelog.
type StateChange struct {
	KeyGroup int32 // -1 for a change of metadata
	Change   []byte
}

// InMemoryChangelogStateHandle holds changes inline.
type InMemoryChangelogStateHandle struct {
	Range    KeyGroupRange
	From, To int64 // sequence numbers
	Changes  []StateChange
	HandleID string
}

// HandleAndOffset is one part of a changelog in files: where it starts in its file.
type HandleAndOffset struct {
	Offset int64
	Handle StreamStateHandle
}

// ChangelogFileStateHandle holds changes in files (Flink:
// ChangelogStateHandleStreamImpl).
type ChangelogFileStateHandle struct {
	// Legacy is set if the handle was read from the encoding without storage
	// identifier (tag 10); it is then written so again.
	Legacy            bool
	Range             KeyGroupRange
	Parts             []HandleAndOffset
	Size              int64
	CheckpointedSize  int64
	HandleID          string
	StorageIdentifier string // not in the legacy encoding, where Flink takes "filesystem"
}

// KeyGroups returns the range that the handle covers.
func (h *KeyGroupsStateHandle) KeyGroups() KeyGroupRange { return h.Range }

// KeyGroups returns the range that the handle covers.
func (h *IncrementalRemoteKeyedStateHandle) KeyGroups() KeyGroupRange { return h.Range }

// KeyGroups returns the range that the handle covers.
func (h *ChangelogStateBackendHandle) KeyGroups() KeyGroupRange { return h.Range }

// KeyGroups returns the range that the handle covers.
func (h *InMemoryChangelogStateHandle) KeyGroups() KeyGroupRange { return h.Range }

// KeyGroups returns the range that the handle covers.
func (h *ChangelogFileStateHandle) KeyGroups() KeyGroupRange { return h.Range }

// StateSize returns the size of the delegate.
func (h *KeyGroupsStateHandle) StateSize() int64 { return sizeOf(h.Delegate) }

// StateSize returns the sizes of the meta, shared and private state, added up.
func (h *IncrementalRemoteKeyedStateHandle) StateSize() int64 {
	size := sizeOf(h.MetaState)
	for i := range h.SharedState {
		size += sizeOf(h.SharedState[i].Handle)
	}
	for i := range h.PrivateState {
		size += sizeOf(h.PrivateState[i].Handle)
	}
	return size
}

// StateSize returns the sizes of all parts, added up.
func (h *ChangelogStateBackendHandle) StateSize() int64 {
	var size int64
	for _, part := range h.Materialized {
		size += sizeOf(part)
	}
	for _, part := range h.NonMaterialized {
		size += sizeOf(part)
	}
	return size
}

// StateSize returns the number of bytes of all changes.
func (h *InMemoryChangelogStateHandle) StateSize() int64 {
	var size int64
	for i := range h.Changes {
		size += int64(len(h.Changes[i].Change))
	}
	return size
}

// StateSize returns the size that the handle states.
func (h *ChangelogFileStateHandle) StateSize() int64 { return h.Size }

func (*KeyGroupsStateHandle) keyedStateHandle()              {}
func (*IncrementalRemoteKeyedStateHandle) keyedStateHandle() {}
func (*ChangelogStateBackendHandle) keyedStateHandle()       {}
func (*InMemoryChangelogStateHandle) keyedStateHandle()      {}
func (*ChangelogFileStateHandle) keyedStateHandle()          {}
