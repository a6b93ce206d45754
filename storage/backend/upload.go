package backend

import (
	"context"
	"fmt"
	"io"
)

// Uploader is a Backend that makes an object of what lies somewhere, a file above
// all, with less memory than of a stream: it takes what it sends from there, and
// takes it again if it has to. Use [Upload].
type Uploader interface {
	// Upload makes the object of the first size bytes of r, and publishes it as
	// Commit does. opts may be nil. r is read from several goroutines, parts of it
	// more than once, and must hold the same until Upload returns; then nobody
	// reads it any more. If r ends early the error matches [io.ErrUnexpectedEOF],
	// an error of r is returned as it is, and after either there is no object.
	// Other errors are those of Create and Commit.
	Upload(ctx context.Context, key string, opts *CreateOptions, r io.ReaderAt, size int64) error
}

// Upload makes an object of the first size bytes of r, which a file is, or memory:
// from there if the backend is an [Uploader], else as one stream. It promises what
// that interface does.
func Upload(ctx context.Context, b Backend, key string, opts *CreateOptions, r io.ReaderAt, size int64) error {
	if uploader, ok := b.(Uploader); ok {
		return uploader.Upload(ctx, key, opts, r, size)
	}
	w, err := b.Create(ctx, key, opts)
	if err != nil {
		return err
	}
	defer w.Close()
	sent, err := io.Copy(w, io.NewSectionReader(r, 0, size))
	if err == nil && sent < size {
		err = fmt.Errorf("upload %q: what is to be sent ends after %d bytes of %d: %w", key, sent, size, io.ErrUnexpectedEOF)
	}
	if err != nil {
		return err
	}
	return w.Commit()
}
