package s3

import "sync"

// buffers are the memory of all writers and readers of a backend, used again and
// again. A writer begins with a small one: most objects are small. The large ones
// are kept in a list of their own as long as one of them is in use: from the pool
// the garbage collector would take them, and by the time it ran again there would be
// as many new ones.
type buffers struct {
	part  int // the size of the large ones
	pools [3]sync.Pool

	mu   sync.Mutex
	used int      // large ones; guarded by mu
	free [][]byte // large ones; guarded by mu
}

// A small buffer fits into the nearest caches; a medium one saves the kernel from
// waking a reader for every few packets.
const (
	smallBuffer  = 64 << 10
	mediumBuffer = 1 << 20
)

// get returns an empty buffer that holds at least size bytes, if a part does.
func (b *buffers) get(size int) []byte {
	class, capacity := b.class(size)
	switch class {
	case tooLarge:
		return make([]byte, 0, size)
	case large:
		return b.getLarge()
	}
	if pooled, ok := b.pools[class].Get().(*[]byte); ok {
		return (*pooled)[:0]
	}
	return make([]byte, 0, capacity)
}

func (b *buffers) getLarge() []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.used++
	if n := len(b.free); n > 0 {
		last := b.free[n-1]
		b.free = b.free[:n-1]
		return last[:0]
	}
	if pooled, ok := b.pools[large].Get().(*[]byte); ok {
		return (*pooled)[:0]
	}
	return make([]byte, 0, b.part)
}

// put takes a buffer back, which nobody may use any more.
func (b *buffers) put(buffer []byte) {
	class, capacity := b.class(cap(buffer))
	switch {
	case class == tooLarge || cap(buffer) != capacity:
	case class == large:
		b.putLarge(buffer)
	default:
		b.pools[class].Put(&buffer)
	}
}

func (b *buffers) putLarge(buffer []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.free = append(b.free, buffer)
	b.leave()
}

// drop is put of a buffer that somebody may still read: it is not used again.
func (b *buffers) drop(buffer []byte) {
	if class, capacity := b.class(cap(buffer)); class != large || cap(buffer) != capacity {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.leave()
}

// leave says that one large buffer is not used any more. When none is, they are
// the garbage collector's.
func (b *buffers) leave() {
	if b.used--; b.used > 0 {
		return
	}
	for _, free := range b.free {
		b.pools[large].Put(&free)
	}
	b.free = nil
}

// The classes of buffers; those that are kept are indices of pools.
const (
	small = iota
	medium
	large
	tooLarge
)

func (b *buffers) class(size int) (class, capacity int) {
	switch {
	case size > b.part:
		return tooLarge, size
	case size <= smallBuffer && smallBuffer < b.part:
		return small, smallBuffer
	case size <= mediumBuffer && mediumBuffer < b.part:
		return medium, mediumBuffer
	}
	return large, b.part
}
