package retry

import (
	"context"
	"errors"
	"io"
	"io/fs"

	"github.com/cairnstate/cairn/storage/backend"
)

// Copy is settled as a Commit is. The source tells what the copy should hold.
func (b *retrying) Copy(ctx context.Context, from, to string, opts *backend.CreateOptions) error {
	p, doubt := b.patience(ctx, "copy", to), false
	for {
		err := b.Through.Copy(ctx, from, to, opts)
		if err == nil || !inDoubt(err, doubt, fs.ErrExist) {
			return err
		}
		if ctx.Err() != nil {
			return p.ended(err)
		}
		doubt = true
		if again, err := b.settleCopy(ctx, from, to, opts != nil && opts.IfAbsent, err); !again {
			return err
		}
		if err := p.again(err); err != nil {
			return err
		}
	}
}

func (b *retrying) settleCopy(ctx context.Context, from, to string, ifAbsent bool, err error) (again bool, _ error) {
	if errors.Is(err, backend.ErrThrottled) && !ifAbsent {
		return true, err
	}
	want, failed := b.contentOf(ctx, from)
	if failed != nil {
		return false, errors.Join(err, failed)
	}
	return b.settle(ctx, "copy", to, want, ifAbsent, err)
}

func (b *retrying) contentOf(ctx context.Context, key string) (*content, error) {
	r, err := b.Open(ctx, key, nil)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	c := new(content)
	_, err = io.Copy(c, r)
	return c, err
}
