// Package readonly makes any backend one that only reads: what would write fails
// with [backend.ErrReadOnly] before the store hears of it.
//
// It is the belt for programs that look and must not touch, over any backend, a
// stranger's included. The backends of this module have braces too: opened with
// read-only=true, the ones that speak HTTP let no request out that could write,
// and the one for local disks opens no file for writing.
package readonly

import (
	"context"
	"io"

	"github.com/cairnstate/cairn/storage/backend"
)

// Wrap returns the backend without its power to write. Closing it closes b.
func Wrap(b backend.Backend) backend.Backend { return &reading{backend.Through{Backend: b}} }

type reading struct{ backend.Through }

func (r *reading) Limits() backend.Limits {
	limits := r.Through.Limits()
	limits.ReadOnly, limits.NoSwap = true, true
	return limits
}

func (r *reading) Create(_ context.Context, key string, _ *backend.CreateOptions) (backend.Writer, error) {
	return nil, refused("create", key)
}

func (r *reading) Delete(_ context.Context, key string) error { return refused("delete", key) }

func (r *reading) DeleteAll(context.Context, []string) error { return refused("delete", "") }

func (r *reading) Copy(_ context.Context, _, to string, _ *backend.CreateOptions) error {
	return refused("copy", to)
}

func (r *reading) Upload(_ context.Context, key string, _ *backend.CreateOptions, _ io.ReaderAt, _ int64) error {
	return refused("upload", key)
}

func (r *reading) Swap(_ context.Context, key, _ string, _ []byte) (string, error) {
	return "", refused("swap", key)
}

func refused(op, key string) error {
	return &backend.Error{Backend: "readonly", Op: op, Key: key, Err: backend.ErrReadOnly}
}
