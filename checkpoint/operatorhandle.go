package checkpoint

import "fmt"

// OperatorStateMode says how the elements of an operator's list state are given
// out on restore.
type OperatorStateMode uint8

// The modes, with the numbers that Flink stores.
const (
	SplitDistribute OperatorStateMode = 0 // elements are dealt out, each to one subtask
	Union           OperatorStateMode = 1 // each subtask gets all elements of all subtasks
	Broadcast       OperatorStateMode = 2 // each subtask gets one copy; all copies are alike
)

// String returns Flink's name of the mode.
func (m OperatorStateMode) String() string {
	switch m {
	case SplitDistribute:
		return "SPLIT_DISTRIBUTE"
	case Union:
		return "UNION"
	case Broadcast:
		return "BROADCAST"
	}
	return fmt.Sprintf("OperatorStateMode(%d)", uint8(m))
}

// OperatorStatePartitions is one named list state: where each of its elements
// (partitions) begins in the delegate of the handle that holds it.
type OperatorStatePartitions struct {
	Name    string
	Mode    OperatorStateMode
	Offsets []int64
}

// OperatorStateHandle is the non-keyed state of one subtask: named lists, and
// the bytes that hold their elements. It is one of *OperatorStreamStateHandle,
// *FileMergingOperatorStreamStateHandle and *NullOperatorStateHandle; nil where
// there is none.
type OperatorStateHandle interface {
	// Partitions returns the named states in the order of the file. The caller
	// must not change them.
	Partitions() []OperatorStatePartitions

	// DelegateState returns the handle on the bytes; nil if there is none.
	DelegateState() StreamStateHandle

	// StateSize is the number of bytes behind the handle as Flink counts them.
	StateSize() int64

	operatorStateHandle()
}

// OperatorStreamStateHandle is the usual operator state.
type OperatorStreamStateHandle struct {
	States   []OperatorStatePartitions
	Delegate StreamStateHandle
}

// FileMergingOperatorStreamStateHandle is operator state in merged files. It
// also pins the two directories that the subtask's files live in, and exists
// for that even if there is no state (Empty).
type FileMergingOperatorStreamStateHandle struct {
	States       []OperatorStatePartitions
	TaskOwnedDir string
	SharedDir    string
	Empty        bool
	Delegate     StreamStateHandle // *SegmentFileStateHandle or *EmptySegmentFileStateHandle
}

// NullOperatorStateHandle is a slot that a file marks as taken and then fills
// with nothing. No current Flink writes it, all read it.
type NullOperatorStateHandle struct{}

// Partitions returns the named states.
func (h *OperatorStreamStateHandle) Partitions() []OperatorStatePartitions { return h.States }

// Partitions returns the named states.
func (h *FileMergingOperatorStreamStateHandle) Partitions() []OperatorStatePartitions {
	return h.States
}

// Partitions returns nothing.
func (*NullOperatorStateHandle) Partitions() []OperatorStatePartitions { return nil }

// DelegateState returns the handle on the bytes.
func (h *OperatorStreamStateHandle) DelegateState() StreamStateHandle { return h.Delegate }

// DelegateState returns the handle on the bytes.
func (h *FileMergingOperatorStreamStateHandle) DelegateState() StreamStateHandle { return h.Delegate }

// DelegateState returns nil.
func (*NullOperatorStateHandle) DelegateState() StreamStateHandle { return nil }

// StateSize returns the size of the delegate.
func (h *OperatorStreamStateHandle) StateSize() int64 { return sizeOf(h.Delegate) }

// StateSize returns the size of the delegate.
func (h *FileMergingOperatorStreamStateHandle) StateSize() int64 { return sizeOf(h.Delegate) }

// StateSize returns 0.
func (*NullOperatorStateHandle) StateSize() int64 { return 0 }

func (*OperatorStreamStateHandle) operatorStateHandle()            {}
func (*FileMergingOperatorStreamStateHandle) operatorStateHandle() {}
func (*NullOperatorStateHandle) operatorStateHandle()              {}
