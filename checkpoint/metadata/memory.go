package metadata

import (
	"fmt"
	"slices"
	"unsafe"

	"github.com/cairnstate/cairn/checkpoint"
)

const (
	expansionLimit = 4         // how many times its input a value may take
	freeMemory     = 256 << 10 // and this much more, for small files and for rounding
	chunkBytes     = 32 << 10  // slabs grow to this
	firstChunk     = 512
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

// drawString takes what a copied string of n bytes may come to, since the Go
// runtime rounds small objects up.
func (m *memory) drawString(n int) bool { return m.draw(n + n/4 + 16) }

// arena hands out values of one type from slabs.
type arena[T any] struct {
	free  []T
	chunk int // bytes of the last slab
}

// slice returns n zero values; none if the budget has no room for them.
func (a *arena[T]) slice(d *decoder, n int) []T {
	switch {
	case n == 0:
		return nil
	case n > len(a.free) && n*a.size() >= chunkBytes/4:
		return a.own(d, n)
	case n > len(a.free):
		a.grow(d, n)
	}
	if n > len(a.free) {
		return nil
	}
	s := a.free[:n:n]
	a.free = a.free[n:]
	return s
}

// own returns a slab for n values alone, where a shared one would waste much.
func (a *arena[T]) own(d *decoder, n int) []T {
	if s := a.slab(d, n); s != nil {
		return s[:n:n]
	}
	return nil
}

// one returns a zero value.
func (a *arena[T]) one(d *decoder) *T {
	if len(a.free) == 0 {
		a.grow(d, 1)
	}
	if len(a.free) == 0 {
		return new(T) // the decoder has failed, and nobody will see it
	}
	v := &a.free[0]
	a.free = a.free[1:]
	return v
}

func (a *arena[T]) size() int { return int(unsafe.Sizeof(*new(T))) }

// grow makes a new slab with room for n values, of twice the size of the last
// one up to a limit.
func (a *arena[T]) grow(d *decoder, n int) {
	a.chunk = min(max(2*a.chunk, firstChunk), chunkBytes)
	a.free = a.slab(d, max(n, a.chunk/a.size()))
}

// slab draws n values from the budget, and what the Go runtime rounds them up
// to, which is known only once they are there, and is 8 KiB at most.
func (a *arena[T]) slab(d *decoder, n int) []T {
	if n > d.mem.budget/a.size() {
		d.fail(errExpansion(len(d.data)))
		return nil
	}
	s := slices.Grow([]T(nil), n)
	s = s[:cap(s)]
	if !d.mem.draw(len(s) * a.size()) {
		d.fail(errExpansion(len(d.data)))
		return nil
	}
	return s
}
