package retry

import (
	"context"
	"io"
	"iter"
	"net/url"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

func (b *retrying) Stat(ctx context.Context, key string) (backend.Info, error) {
	return try(ctx, b, "stat", key, func(a *attempt) (backend.Info, error) { return b.Through.Stat(a.ctx, key) })
}

func (b *retrying) Locate(ctx context.Context, key string, validFor time.Duration) (*url.URL, error) {
	return try(ctx, b, "locate", key, func(a *attempt) (*url.URL, error) { return b.Through.Locate(a.ctx, key, validFor) })
}

func (b *retrying) Delete(ctx context.Context, key string) error {
	_, err := try(ctx, b, "delete", key, func(a *attempt) (struct{}, error) { return struct{}{}, b.Through.Delete(a.ctx, key) })
	return err
}

// Download does not know of which version the bytes are that came before a failure,
// so it fetches all of them again.
func (b *retrying) Download(ctx context.Context, key string, opts *backend.OpenOptions, w io.WriterAt) (backend.Info, error) {
	return try(ctx, b, "download", key, func(a *attempt) (backend.Info, error) {
		return b.Through.Download(a.ctx, key, opts, moving{a, w})
	})
}

// moving tells an attempt of each piece that arrives.
type moving struct {
	attempt *attempt
	into    io.WriterAt
}

func (m moving) WriteAt(p []byte, at int64) (int, error) {
	m.attempt.moving()
	return m.into.WriteAt(p, at)
}

// List goes on after the last element that it yielded.
func (b *retrying) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		l := listing{b: b, patience: b.patience(ctx, "list", prefix), prefix: prefix, yield: yield}
		for !l.ended {
			if err := l.once(ctx); err != nil {
				if err := l.patience.again(err); err != nil {
					yield(backend.Info{}, err)
					return
				}
			}
		}
	}
}

type listing struct {
	b        *retrying
	patience *patience
	prefix   string
	last     string // the key that was yielded last; none is empty
	ended    bool   // all was listed, or the caller has enough
	yield    func(backend.Info, error) bool
}

// once lists until an error or the end. The clock rests while the caller looks at an
// element.
func (l *listing) once(ctx context.Context) error {
	a := l.b.attempt(ctx)
	defer a.close()
	for info, err := range l.b.Through.List(a.ctx, l.prefix) {
		if err != nil {
			return a.told("list", l.prefix, err)
		}
		if info.Key > l.last {
			a.resting()
			l.last = info.Key
			l.patience.progressed()
			if !l.yield(info, nil) {
				l.ended = true
				return nil
			}
		}
		a.moving()
	}
	l.ended = true
	return nil
}
