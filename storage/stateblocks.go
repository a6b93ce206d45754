package storage

import (
	"context"
	"io"
	"io/fs"
	"slices"
	"sync"
)

// blockSize is what a reader at random offsets takes with a request: it takes about
// as long to come as the request does.
const blockSize = 1 << 20

// blocks is a file in memory, as far as somebody wanted it lately.
type blocks struct {
	source  *source
	size    int64
	block   int64 // bytes of one
	most    int64 // blocks of one request
	ctx     context.Context
	cancel  context.CancelCauseFunc
	running sync.WaitGroup

	mu     sync.Mutex
	held   map[int64]*block // guarded by mu
	recent []int64          // guarded by mu; those of held, the least recently used first
	end    int64            // guarded by mu; the block after the last request
	run    int64            // guarded by mu; blocks of the last request
}

// block has its data, or an error, once done is closed.
type block struct {
	data []byte
	err  error
	done chan struct{}
}

func newBlocks(ctx context.Context, s *source, o ReadOptions) *blocks {
	b := &blocks{source: s, size: s.size, block: min(blockSize, o.MaxRequest), held: make(map[int64]*block)}
	b.most = o.MaxRequest / b.block
	b.ctx, b.cancel = context.WithCancelCause(ctx)
	return b
}

// begin makes the first request, which tells the size if the handle does not.
func (b *blocks) begin() error {
	if b.size == 0 && b.source.exact {
		return nil
	}
	return b.source.fetch(b.ctx, StateRange{0, b.block}, func(r io.Reader) error {
		if !b.source.exact && b.source.has >= 0 {
			b.size = b.source.has
		}
		if b.size < 0 {
			return errNoSize
		}
		first := &block{data: make([]byte, b.lengthOf(0)), done: make(chan struct{})}
		close(first.done)
		b.held[0], b.recent, b.end, b.run = first, []int64{0}, 1, 1
		return into(first.data)(r)
	})
}

func (b *blocks) lengthOf(i int64) int64 { return max(min(b.block, b.size-i*b.block), 0) }

// readSome reads from the block at the offset.
func (b *blocks) readSome(p []byte, off int64) (int, error) {
	if b.ctx.Err() != nil {
		return 0, context.Cause(b.ctx)
	}
	if off >= b.size {
		return 0, io.EOF
	}
	i := off / b.block
	last := min(off+int64(len(p))-1, b.size-1) / b.block
	wanted := b.want(i, last-i+1)
	select {
	case <-wanted.done:
	case <-b.ctx.Done():
		return 0, context.Cause(b.ctx)
	}
	if wanted.err != nil {
		return 0, wanted.err
	}
	return copy(p, wanted.data[off-i*b.block:]), nil
}

// want returns block i, and sees to it that it comes: with the next n-1, if those
// are wanted too, and with some more if this is somebody who reads on.
func (b *blocks) want(i, n int64) *block {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.held[i] == nil {
		if i == b.end {
			n = max(n, 2*b.run)
		}
		b.fetch(i, n, b.source.fetch)
	}
	b.touch(i)
	wanted := b.held[i]
	if b.readsOn(i) && b.source.slots.TryAcquire(1) {
		b.fetch(b.end, 2*b.run, b.source.fetchInSlot)
	}
	return wanted
}

// readsOn reports whether who wants block i will soon want what comes after the last
// request, which nobody has asked for yet. It needs mu.
func (b *blocks) readsOn(i int64) bool {
	return i < b.end && b.end-i <= b.run/2 && b.held[b.end] == nil && b.lengthOf(b.end) > 0
}

// fetch begins to get up to n blocks from i on, with one request. It needs mu.
func (b *blocks) fetch(i, n int64, fetch func(context.Context, StateRange, func(io.Reader) error) error) {
	var coming []*block
	part := StateRange{i * b.block, 0}
	for j := i; j < i+min(n, b.most) && b.held[j] == nil && b.lengthOf(j) > 0; j++ {
		next := &block{data: make([]byte, b.lengthOf(j)), done: make(chan struct{})}
		coming = append(coming, next)
		part.Length += int64(len(next.data))
		b.held[j] = next
		b.touch(j)
	}
	b.end, b.run = i+int64(len(coming)), int64(len(coming))
	b.running.Go(func() { b.fill(i, coming, fetch(b.ctx, part, fillAll(coming))) })
}

// fillAll reads blocks one after the other, and gives each to who waits for it.
func fillAll(coming []*block) func(io.Reader) error {
	return func(r io.Reader) error {
		for _, next := range coming {
			if err := into(next.data)(r); err != nil {
				return err
			}
			close(next.done)
		}
		return nil
	}
}

// fill tells those who wait for what did not come. What failed is forgotten, so that
// the next who wants it asks anew.
func (b *blocks) fill(i int64, coming []*block, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for k, next := range coming {
		select {
		case <-next.done:
		default:
			next.err = err
			close(next.done)
			if b.held[i+int64(k)] == next {
				b.drop(i + int64(k))
			}
		}
	}
}

// touch makes block i the most recently used, and drops the least if there are too
// many. Three requests are kept: the one being read, the one ahead of it, and the one
// before, whose blocks were touched later than those ahead in the first. It needs mu.
func (b *blocks) touch(i int64) {
	if at := slices.Index(b.recent, i); at >= 0 {
		b.recent = slices.Delete(b.recent, at, at+1)
	}
	b.recent = append(b.recent, i)
	if int64(len(b.recent)) > 3*b.most {
		b.drop(b.recent[0])
	}
}

func (b *blocks) drop(i int64) {
	delete(b.held, i)
	if at := slices.Index(b.recent, i); at >= 0 {
		b.recent = slices.Delete(b.recent, at, at+1)
	}
}

func (b *blocks) close() {
	b.cancel(fs.ErrClosed)
	b.running.Wait()
}
