package prefix

import (
	"errors"
	"io"

	"github.com/cairnstate/cairn/storage/backend"
)

type reader struct {
	backend.Reader
	root *rooted
}

func (r reader) Info() backend.Info { return r.root.info(r.Reader.Info()) }

func (r reader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err == nil || errors.Is(err, io.EOF) {
		return n, err
	}
	return n, r.root.relative(err)
}

func (r reader) Close() error { return r.root.relative(r.Reader.Close()) }

type writer struct {
	backend.Writer
	root *rooted
}

func (w writer) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	return n, w.root.relative(err)
}

func (w writer) Commit() error { return w.root.relative(w.Writer.Commit()) }

func (w writer) Close() error { return w.root.relative(w.Writer.Close()) }
