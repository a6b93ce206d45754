package retry

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/cairnstate/cairn/storage/backend"
)

// Open opens the object, and goes on where reading stops.
func (b *retrying) Open(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
	r := &reader{b: b, ctx: ctx, key: key, patience: b.patience(ctx, "open", key)}
	if opts != nil {
		r.rest = *opts
	}
	if err := r.open(); err != nil {
		return nil, err
	}
	r.info = r.within.Info()
	r.rest.Version = r.info.Version
	r.left = max(0, r.info.Size-r.rest.Offset)
	if r.rest.Length > 0 {
		r.left = min(r.left, r.rest.Length)
	}
	return r, nil
}

type reader struct {
	b        *retrying
	ctx      context.Context
	key      string
	patience *patience
	info     backend.Info
	rest     backend.OpenOptions // what is still to be read
	left     int64               // how many bytes that is

	attempt *attempt
	within  backend.Reader // nil if it has to be opened again
	failed  error          // why it has to be
}

// open opens what is still to be read, until that succeeds or patience ends.
func (r *reader) open() error {
	for {
		r.attempt = r.b.attempt(r.ctx)
		within, err := r.b.Through.Open(r.attempt.ctx, r.key, &r.rest)
		r.attempt.resting()
		if err == nil {
			r.within = within
			return nil
		}
		err = r.attempt.told("open", r.key, err)
		r.attempt.close()
		if err := r.patience.again(err); err != nil {
			return err
		}
	}
}

func (r *reader) Info() backend.Info { return r.info }

// Read reads what comes of the object as it was when it was opened first.
func (r *reader) Read(p []byte) (int, error) {
	for {
		if r.within == nil {
			if err := r.resume(); err != nil {
				return 0, err
			}
		}
		n, err := r.read(p)
		if err == nil || n == 0 && errors.Is(err, io.EOF) {
			return n, err
		}
		r.drop(err)
		if n > 0 {
			return n, nil // and the failure is dealt with when more is asked for
		}
	}
}

// read makes of an early end an error, and of an error after the last byte the end.
func (r *reader) read(p []byte) (int, error) {
	r.attempt.moving()
	n, err := r.within.Read(p)
	r.attempt.resting()
	if n > 0 {
		r.left -= int64(n)
		r.rest.Offset += int64(n)
		r.rest.Length = max(0, r.rest.Length-int64(n))
		r.patience.progressed()
	}
	err = r.attempt.told("read", r.key, err)
	switch {
	case errors.Is(err, io.EOF) && r.left > 0:
		err = &backend.Error{Backend: "retry", Op: "read", Key: r.key,
			Err: fmt.Errorf("%w: %w, %d bytes early", backend.ErrTransient, io.ErrUnexpectedEOF, r.left)}
	case errors.Is(err, io.EOF), r.left <= 0 && err != nil && passing(err) && r.ctx.Err() == nil:
		if n > 0 {
			return n, nil
		}
		return 0, io.EOF
	}
	return n, err
}

// resume waits, and opens the rest. It must be of the same object: by its version
// if the store tells one, else by what else it tells.
func (r *reader) resume() error {
	if err := r.patience.again(r.failed); err != nil {
		return err
	}
	if err := r.open(); err != nil {
		return err
	}
	info := r.within.Info()
	if info.Version != r.info.Version || info.Size != r.info.Size || !info.ModTime.Equal(r.info.ModTime) {
		err := &backend.Error{Backend: "retry", Op: "read", Key: r.key, Err: backend.ErrChanged}
		r.drop(err)
		return err
	}
	return nil
}

func (r *reader) drop(err error) {
	r.within.Close()
	r.attempt.close()
	r.within, r.failed = nil, err
}

func (r *reader) Close() error {
	if r.within == nil {
		return nil
	}
	err := r.within.Close()
	r.attempt.close()
	return err
}
