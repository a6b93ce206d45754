package s3

import (
	"context"
	"errors"
	"io"
	"sync"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/cause"
)

// ahead fetches the ranges that will be read next, some at once, into memory. Its
// methods are for the goroutine of the reader.
type ahead struct {
	r      *reader
	ctx    context.Context
	cancel context.CancelFunc
	next   int64 // the first byte that nobody fetches yet
	places int   // how many ranges it may hold, of the backend's
	ranges []*fetched
	done   sync.WaitGroup
}

// fetched is a range that is being fetched. Its fields are for the fetching
// goroutine until ready is closed.
type fetched struct {
	ready chan struct{}
	data  []byte // a buffer of the backend
	rest  []byte // of data, not yet read
	err   error
}

// lookAhead begins to fetch ahead, from where the bodies stop, if the backend has
// places for two ranges at least.
func (r *reader) lookAhead() {
	if r.ahead != nil || r.stop == r.end || r.etag == "" {
		return
	}
	places := 0
	for places < r.backend.options.Concurrency && r.backend.takePlace() {
		places++
	}
	if places < 2 {
		r.backend.leavePlaces(places)
		return
	}
	r.sums = nil // of so large an object it costs more than it finds: TCP and TLS look too
	r.ahead = &ahead{r: r, next: r.stop, places: places}
	r.ahead.ctx, r.ahead.cancel = context.WithCancel(r.ctx)
	r.ahead.fill()
}

func (b *Backend) takePlace() bool {
	select {
	case b.ahead <- struct{}{}:
		return true
	default:
		return false
	}
}

func (b *Backend) leavePlaces(n int) {
	for range n {
		<-b.ahead
	}
}

// fill fetches as many ranges as there is place for.
func (a *ahead) fill() {
	for len(a.ranges) < a.places && a.next < a.r.end {
		size := min(int64(a.r.backend.options.PartSize), a.r.end-a.next)
		f := &fetched{ready: make(chan struct{}), data: a.r.backend.buffers.get(int(size))[:size]}
		offset := a.next
		a.next += size
		a.ranges = append(a.ranges, f)
		a.done.Go(func() {
			defer close(f.ready)
			f.err = a.r.backend.fetch(a.ctx, a.r.calls, a.r.info.Key, a.r.etag, offset, f.data)
			f.rest = f.data
		})
	}
}

// peek waits for the next bytes and returns them.
func (a *ahead) peek() ([]byte, error) {
	f := a.ranges[0]
	select {
	case <-f.ready:
		return f.rest, f.err
	case <-a.ctx.Done():
		return nil, context.Cause(a.ctx)
	}
}

// skip says that n of the bytes were read.
func (a *ahead) skip(n int) {
	f := a.ranges[0]
	if f.rest = f.rest[n:]; len(f.rest) > 0 {
		return
	}
	a.ranges = a.ranges[1:]
	a.r.backend.buffers.put(f.data)
	a.fill()
}

func (a *ahead) read(p []byte) (int, error) {
	piece, err := a.peek()
	if err != nil {
		return 0, err
	}
	n := copy(p, piece)
	a.skip(n)
	return n, nil
}

// close stops fetching, and waits until nobody does.
func (a *ahead) close() {
	a.cancel()
	a.done.Wait()
	for _, f := range a.ranges {
		a.r.backend.buffers.put(f.data)
	}
	a.ranges = nil
	a.r.backend.leavePlaces(a.places)
}

// triesOfRange is how often a range is asked for that brings nothing.
const triesOfRange = 3

// fetch fills p with a range of the version with this entity tag. What breaks off
// is asked for from there on.
func (b *Backend) fetch(ctx context.Context, calls *calls, key, etag string, offset int64, p []byte) error {
	return b.copyRange(ctx, calls, key, etag, offset, int64(len(p)), func(body io.Reader, at int64) (int64, error) {
		n, err := io.ReadFull(body, p[at:])
		return int64(n), err
	})
}

// copyRange has take read a range, from at on, as often as it takes. take returns
// how many bytes it read, and an error if these are not all.
func (b *Backend) copyRange(ctx context.Context, calls *calls, key, etag string, offset, length int64, take func(body io.Reader, at int64) (int64, error)) error {
	var err error
	for at, tries := int64(0), 0; at < length; tries++ {
		if tries == triesOfRange {
			return cause.New("a range breaks off again and again: "+explain(ctx, err).Error(), backend.ErrTransient, err)
		}
		var body io.ReadCloser
		if body, err = b.piece(ctx, calls, key, etag, offset+at, length-at); err != nil {
			return err
		}
		var n int64
		n, err = take(body, at)
		body.Close()
		if at += n; n > 0 {
			tries = 0
		}
		if _, own := errors.AsType[*writingError](err); own || (err != nil && ctx.Err() != nil) {
			return err
		}
	}
	return nil
}
