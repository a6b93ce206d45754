package around

import (
	"context"
	"errors"
	"io"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/spans"
)

// Upload makes the object of what is in r. The hook sees each piece that is read.
func (b *Backend) Upload(ctx context.Context, key string, opts *backend.CreateOptions, r io.ReaderAt, size int64) error {
	c := &Call{Context: ctx, Op: Upload, Key: key, IfAbsent: opts != nil && opts.IfAbsent, Length: size}
	from := &sender{ctx: ctx, hook: b.hook, key: key, within: r}
	return b.hook(c, func() error {
		err := b.Through.Upload(ctx, key, opts, from, size)
		c.N = from.taken.Sum()
		return err
	})
}

// sender is where an upload reads from. It is used by several goroutines.
type sender struct {
	ctx    context.Context
	hook   Hook
	key    string
	within io.ReaderAt
	taken  spans.Set
}

// ReadAt says of the end only if it is before that of p.
func (s *sender) ReadAt(p []byte, offset int64) (int, error) {
	c := &Call{Context: s.ctx, Op: Send, Key: s.key, Offset: offset, Data: p}
	err := s.hook(c, func() error {
		n, err := s.within.ReadAt(c.Data, c.Offset)
		c.N += int64(n)
		c.First += s.taken.Add(c.Offset, int64(n))
		if n == len(c.Data) && errors.Is(err, io.EOF) {
			return nil
		}
		return err
	})
	return int(min(c.N, int64(len(p)))), err
}
