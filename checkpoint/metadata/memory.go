package metadata

import (
	"fmt"
	"unsafe"

	"github.com/cairnstate/cairn/checkpoint"
)

const (
	expansionLimit = 4        // how many times its input a value may take
	freeMemory     = 64 << 10 // and this much more, for the smallest files
	chunkBytes     = 32 << 10 // slabs grow to this
	firstChunk     = 512
	pageBytes      = 8 << 10 // the Go runtime rounds large allocations up to pages
)

// memory is the budget of one Decode, and the slabs that it is spent on. Values
// of one type come out of one slab, so a million handles are some hundred
// allocations.
type memory struct {
	budget int

	longs      arena[int64]
	operators  arena[checkpoint.OperatorState]
	masters    arena[checkpoint.MasterState]
	subtasks   arena[checkpoint.SubtaskState]
	states     arena[checkpoint.OperatorSubtaskState]
	byteStream arena[checkpoint.ByteStreamStateHandle]
	file       arena[checkpoint.FileStateHandle]
	relative   arena[checkpoint.RelativeFileStateHandle]
	segment    arena[checkpoint.SegmentFileStateHandle]
	keyGroups  arena[checkpoint.KeyGroupsStateHandle]
	increment  arena[checkpoint.IncrementalRemoteKeyedStateHandle]
	localFiles arena[checkpoint.HandleAndLocalPath]
	changelog  arena[checkpoint.ChangelogStateBackendHandle]
	keyed      arena[checkpoint.KeyedStateHandle]
	inMemory   arena[checkpoint.InMemoryChangelogStateHandle]
	changes    arena[checkpoint.StateChange]
	logFile    arena[checkpoint.ChangelogFileStateHandle]
	logParts   arena[checkpoint.HandleAndOffset]
	operator   arena[checkpoint.OperatorStreamStateHandle]
	merging    arena[checkpoint.FileMergingOperatorStreamStateHandle]
	partitions arena[checkpoint.OperatorStatePartitions]
	inFlight   arena[checkpoint.ChannelState]
	channels   arena[checkpoint.ChannelStateHandle]
	channel    arena[checkpoint.SingleChannelStateHandle]
	merged     arena[checkpoint.MergedChannelStateHandle]
}

func newMemory(input int) *memory { return &memory{budget: expansionLimit*input + freeMemory} }

// draw takes bytes from the budget and reports whether they were there.
func (m *memory) draw(bytes int) bool {
	if bytes > m.budget {
		return false
	}
	m.budget -= bytes
	return true
}

func errExpansion(input int) error {
	return fmt.Errorf("%w: %d bytes would need more than %d bytes of memory; no Flink writes such a file",
		ErrExpansion, input, expansionLimit*input+freeMemory)
}

// arena hands out values of one type from slabs.
type arena[T any] struct {
	free  []T
	chunk int // bytes of the last slab
}

// slice returns n zero values; none if the budget has no room for them.
func (a *arena[T]) slice(d *decoder, n int) []T {
	if n == 0 {
		return nil
	}
	if n > len(a.free) && !a.grow(d, n) {
		return nil
	}
	s := a.free[:n:n]
	a.free = a.free[n:]
	return s
}

// one returns a zero value.
func (a *arena[T]) one(d *decoder) *T {
	if len(a.free) == 0 && !a.grow(d, 1) {
		return new(T) // the decoder has failed, and nobody will see it
	}
	v := &a.free[0]
	a.free = a.free[1:]
	return v
}

// grow makes a slab with room for n values: twice the last one, up to a limit,
// or exactly n if that is more.
func (a *arena[T]) grow(d *decoder, n int) bool {
	size := int(unsafe.Sizeof(*new(T)))
	a.chunk = min(max(2*a.chunk, firstChunk), chunkBytes)
	n = max(n, a.chunk/size)
	if n > d.mem.budget/size || !d.mem.draw(allocated(n*size)) {
		d.fail(errExpansion(len(d.data)))
		return false
	}
	a.free = make([]T, n)
	return true
}

// allocated is at least what the Go runtime sets aside for an object of so many
// bytes: it rounds to pages, and below four of them to classes of size.
func allocated(bytes int) int {
	if bytes > chunkBytes {
		return (bytes + pageBytes - 1) &^ (pageBytes - 1)
	}
	return bytes + bytes/8
}
