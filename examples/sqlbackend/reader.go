package sqlbackend

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/cairnstate/cairn/storage/backend"
)

// Open opens the object. Its bytes are asked for by Read, chunk by chunk.
func (b *Backend) Open(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
	if opts == nil {
		opts = new(backend.OpenOptions)
	}
	info, err := b.find(ctx, b.db, key)
	switch {
	case err != nil:
	case opts.Offset < 0 || opts.Length < 0:
		err = fmt.Errorf("%w: a negative range", fs.ErrInvalid)
	case opts.Version != "" && opts.Version != info.Version:
		err = backend.ErrChanged
	}
	if err != nil {
		return nil, b.fail(ctx, "open", key, err)
	}
	end := info.Size
	if opts.Length > 0 && opts.Length < end-opts.Offset {
		end = opts.Offset + opts.Length
	}
	return &reader{ctx: ctx, backend: b, info: info, at: opts.Offset, end: end}, nil
}

// reader reads a content, which never changes. It holds no connection between two
// calls of Read.
type reader struct {
	ctx     context.Context
	backend *Backend
	info    backend.Info
	at, end int64  // in the object; at may be beyond the end
	chunk   []byte // what was read and not given away
	closed  bool
}

func (r *reader) Read(p []byte) (int, error) {
	if err := r.fill(); err != nil {
		if errors.Is(err, io.EOF) {
			return 0, io.EOF
		}
		return 0, r.backend.fail(r.ctx, "read", r.info.Key, err)
	}
	n := copy(p, r.chunk)
	r.chunk = r.chunk[n:]
	return n, nil
}

// fill reads on if nothing is left of the last chunk.
func (r *reader) fill() error {
	switch {
	case r.closed:
		return fs.ErrClosed
	case r.ctx.Err() != nil:
		return r.ctx.Err()
	case len(r.chunk) > 0:
		return nil
	case r.at >= r.end:
		return io.EOF
	}
	// Counting from 1, the range begins in the chunk at ?-start+1.
	err := r.backend.db.QueryRowContext(r.ctx, `SELECT substr(data, ? - start + 1, ?) FROM chunks
		WHERE content = ? AND start <= ? ORDER BY start DESC LIMIT 1`,
		r.at, r.end-r.at, r.info.Version, r.at).Scan(&r.chunk)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return backend.ErrChanged // an object is never without its chunks, but this one was replaced
	case err == nil && len(r.chunk) == 0:
		return fmt.Errorf("the database lacks the chunk at byte %d: %w", r.at, io.ErrUnexpectedEOF)
	}
	r.at += int64(len(r.chunk))
	return err
}

func (r *reader) Info() backend.Info { return r.info }

func (r *reader) Close() error {
	r.closed = true
	return nil
}
