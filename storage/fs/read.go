package fs

import (
	"context"
	"errors"
	"fmt"
	"io"
	iofs "io/fs"
	"os"
	"syscall"

	"github.com/cairnstate/cairn/storage/backend"
)

// Open opens the file. A directory is no object.
func (b *Backend) Open(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
	if opts == nil {
		opts = &backend.OpenOptions{}
	}
	if err := b.check(ctx, "open", key); err != nil {
		return nil, err
	}
	if opts.Offset < 0 || opts.Length < 0 {
		return nil, b.fail("open", key, fmt.Errorf("%w: negative range", iofs.ErrInvalid))
	}
	if err := b.doubts.of(key); err != nil {
		return nil, b.fail("open", key, err)
	}
	file, err := b.open(key, opts.Within)
	if err != nil {
		return nil, b.fail("open", key, absent(err))
	}
	r, err := b.newReader(ctx, file, key, opts)
	if err != nil {
		_ = file.Close() // it was only read
		return nil, b.fail("open", key, absent(err))
	}
	return r, nil
}

// readOnly does not wait for the other end of a pipe, which is then found out
// and refused. It means nothing for regular files.
const readOnly = os.O_RDONLY | syscall.O_NONBLOCK

func (b *Backend) open(key, within string) (file, error) {
	if within == "" {
		return b.tree.OpenFile(key, readOnly, 0)
	}
	if !backend.HasPrefix(key, within) {
		return nil, fmt.Errorf("%w: not within %q", iofs.ErrInvalid, within)
	}
	root, err := b.tree.OpenRoot(within)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	file, err := root.OpenFile(key[len(within)+1:], readOnly, 0)
	if err != nil && escaped(root, err) {
		return nil, backend.ErrEscapes
	}
	return file, err
}

// reader reads a range of a file.
type reader struct {
	io.Reader
	file file
	info backend.Info
}

func (b *Backend) newReader(ctx context.Context, file file, key string, opts *backend.OpenOptions) (*reader, error) {
	stat, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if err := regular(stat); err != nil {
		return nil, err
	}
	r := &reader{Reader: &contextReader{b, ctx, key, file}, file: file, info: info(key, stat)}
	if opts.Version != "" && opts.Version != r.info.Version {
		return nil, backend.ErrChanged
	}
	if opts.Offset > 0 { // far beyond the end the system refuses to seek
		if _, err := file.Seek(min(opts.Offset, r.info.Size), io.SeekStart); err != nil {
			return nil, err
		}
	}
	if opts.Length > 0 {
		r.Reader = io.LimitReader(r.Reader, opts.Length)
	}
	return r, nil
}

func (r *reader) Close() error       { return r.file.Close() }
func (r *reader) Info() backend.Info { return r.info }

// contextReader reads until its context is done.
type contextReader struct {
	backend *Backend
	ctx     context.Context
	key     string
	from    io.Reader
}

func (r *contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, r.backend.fail("read", r.key, err)
	}
	n, err := r.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = r.backend.fail("read", r.key, err)
	}
	return n, err
}
