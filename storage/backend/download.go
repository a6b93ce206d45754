package backend

import (
	"context"
	"io"
)

// Downloader is a Backend that a large object is read from faster in several
// ranges at once. Use [Download].
type Downloader interface {
	// Download reads the object, or the range of it that opts ask for, into w: its
	// first byte at offset 0. opts may be nil. w is written to from several
	// goroutines, and more than once at an offset if something was tried again; in
	// the end all bytes are of one version of the object. After an error w holds
	// anything.
	Download(ctx context.Context, key string, opts *OpenOptions, w io.WriterAt) (Info, error)
}

// Download reads an object into w, which a file is, or memory: in parallel if the
// backend is a [Downloader], else as one stream. It promises what that interface
// does.
func Download(ctx context.Context, b Backend, key string, opts *OpenOptions, w io.WriterAt) (Info, error) {
	if downloader, ok := b.(Downloader); ok {
		return downloader.Download(ctx, key, opts, w)
	}
	r, err := b.Open(ctx, key, opts)
	if err != nil {
		return Info{}, err
	}
	defer r.Close()
	_, err = io.Copy(io.NewOffsetWriter(w, 0), r)
	return r.Info(), err
}
