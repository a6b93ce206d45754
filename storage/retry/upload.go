package retry

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"sync"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/spans"
)

// Upload is tried again whole, for its source is still there. A try that did not take
// all of the source cannot have taken effect; one that did is settled as a Commit is.
func (b *retrying) Upload(ctx context.Context, key string, opts *backend.CreateOptions, r io.ReaderAt, size int64) error {
	p, doubt := b.patience(ctx, "upload", key), false
	want := &content{size: size, source: io.NewSectionReader(r, 0, size)}
	for {
		from, err := b.upload(ctx, key, opts, r, size)
		if err == nil || from.failed() || !inDoubt(err, doubt, fs.ErrExist) {
			return err
		}
		if ctx.Err() != nil {
			return p.ended(err)
		}
		if from.all() || errors.Is(err, fs.ErrExist) {
			doubt = true
			if again, settled := b.settle(ctx, "upload", key, want, opts != nil && opts.IfAbsent, err); !again {
				return settled
			}
		}
		if err := p.again(err); err != nil {
			return err
		}
	}
}

// upload uploads once.
func (b *retrying) upload(ctx context.Context, key string, opts *backend.CreateOptions, r io.ReaderAt, size int64) (*source, error) {
	a := b.attempt(ctx)
	defer a.close()
	from := &source{attempt: a, within: r, size: size, restsAtEnd: size > int64(b.options.Buffer)}
	err := b.Through.Upload(a.ctx, key, opts, from, size)
	if from.failed() {
		return from, err
	}
	return from, a.told("upload", key, err)
}

// source is what is uploaded. It tells an attempt of each piece that is taken, and
// remembers how much that was.
type source struct {
	attempt    *attempt
	within     io.ReaderAt
	size       int64
	restsAtEnd bool // what is large may take its time when all of it was taken
	taken      spans.Set

	mu  sync.Mutex
	err error // guarded by mu; the first of the source itself
}

func (s *source) ReadAt(p []byte, offset int64) (int, error) {
	s.attempt.moving()
	n, err := s.within.ReadAt(p, offset)
	s.taken.Add(offset, int64(n))
	if err != nil && n < len(p) && offset+int64(n) < s.size {
		s.note(err)
	}
	if s.restsAtEnd && s.all() {
		s.attempt.resting()
	} else {
		s.attempt.moving()
	}
	return n, err
}

func (s *source) note(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = err
	}
}

// failed says whether the source did, which no other try would mend.
func (s *source) failed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err != nil
}

// all says whether all of it was taken.
func (s *source) all() bool { return s.taken.Sum() >= s.size }
