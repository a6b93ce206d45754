package s3

import "sync"

// buffers are the memory of all writers and readers of a backend, used again and
// again. A writer begins with a small one: most objects are small.
type buffers struct {
	part  int // the size of the large ones
	pools [3]sync.Pool
}

const (
	smallBuffer  = 64 << 10
	mediumBuffer = 1 << 20
)

// get returns an empty buffer that holds at least size bytes, if a part does.
func (b *buffers) get(size int) []byte {
	class, capacity := b.class(size)
	if class < 0 {
		return make([]byte, 0, size)
	}
	if pooled, ok := b.pools[class].Get().(*[]byte); ok {
		return (*pooled)[:0]
	}
	return make([]byte, 0, capacity)
}

// put takes a buffer back, which nobody may use any more.
func (b *buffers) put(buffer []byte) {
	class, capacity := b.class(cap(buffer))
	if class < 0 || cap(buffer) != capacity {
		return
	}
	b.pools[class].Put(&buffer)
}

func (b *buffers) class(size int) (class, capacity int) {
	switch {
	case size > b.part:
		return -1, size
	case size <= smallBuffer && smallBuffer < b.part:
		return 0, smallBuffer
	case size <= mediumBuffer && mediumBuffer < b.part:
		return 1, mediumBuffer
	}
	return 2, b.part
}
