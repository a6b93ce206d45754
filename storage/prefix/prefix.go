package prefix

import (
	"context"
	"fmt"
	"io/fs"
	"iter"

	"github.com/cairnstate/cairn/storage/backend"
)

// Wrap returns the part of b that is below the prefix, a valid key. Closing it
// closes b. It is as safe for use by many goroutines as b.
func Wrap(b backend.Backend, prefix string) (backend.Backend, error) {
	if !backend.ValidKey(prefix) {
		return nil, fmt.Errorf("prefix: %w: %q is names joined by single slashes or nothing", fs.ErrInvalid, prefix)
	}
	return &rooted{backend.Through{Backend: b}, prefix}, nil
}

// rooted calls what it wraps with the prefix before each key, and takes it off again
// from what comes back.
type rooted struct {
	backend.Through
	prefix string
}

func (b *rooted) Limits() backend.Limits {
	limits := b.Through.Limits()
	if limits.MaxKey > 0 {
		limits.MaxKey = max(1, limits.MaxKey-len(b.prefix)-1)
	}
	return limits
}

func (b *rooted) Open(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
	whole, err := b.whole("open", key)
	if err != nil {
		return nil, err
	}
	r, err := b.Through.Open(ctx, whole, b.staying(opts))
	if err != nil {
		return nil, b.relative(err)
	}
	return reader{r, b}, nil
}

func (b *rooted) Stat(ctx context.Context, key string) (backend.Info, error) {
	whole, err := b.whole("stat", key)
	if err != nil {
		return backend.Info{}, err
	}
	info, err := b.Through.Stat(ctx, whole)
	return b.info(info), b.relative(err)
}

func (b *rooted) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		whole := b.prefix
		if prefix != "" {
			var err error
			if whole, err = b.whole("list", prefix); err != nil {
				yield(backend.Info{}, err)
				return
			}
		}
		for info, err := range b.Through.List(ctx, whole) {
			if !yield(b.info(info), b.relative(err)) {
				return
			}
		}
	}
}

func (b *rooted) Create(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
	whole, err := b.whole("create", key)
	if err != nil {
		return nil, err
	}
	w, err := b.Through.Create(ctx, whole, opts)
	if err != nil {
		return nil, b.relative(err)
	}
	return writer{w, b}, nil
}

func (b *rooted) Delete(ctx context.Context, key string) error {
	whole, err := b.whole("delete", key)
	if err != nil {
		return err
	}
	return b.relative(b.Through.Delete(ctx, whole))
}

func (b *rooted) Close() error { return b.relative(b.Through.Close()) }

// staying returns the options with what reading must not leave below the prefix, and
// the prefix itself if nothing was asked.
func (b *rooted) staying(opts *backend.OpenOptions) *backend.OpenOptions {
	var inner backend.OpenOptions
	if opts != nil {
		inner = *opts
	}
	if inner.Within == "" {
		inner.Within = b.prefix
	} else {
		inner.Within = b.prefix + "/" + inner.Within
	}
	return &inner
}
