package storagetest_test

import (
	"bytes"
	"context"
	"io"
	"iter"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/storagetest"
)

// hooks is a good backend in which a test breaks one verb. A verb without a hook
// is as good as before.
type hooks struct {
	backend.Through
	opts   *storagetest.Options
	limits backend.Limits  // that it declares
	end    context.Context // of the test
	open   func(context.Context, string, *backend.OpenOptions) (backend.Reader, error)
	stat   func(context.Context, string) (backend.Info, error)
	list   func(context.Context, string) iter.Seq2[backend.Info, error]
	create func(context.Context, string, *backend.CreateOptions) (backend.Writer, error)
	delete func(context.Context, string) error

	deleteAll func(context.Context, []string) error
	copy      func(ctx context.Context, from, to string, opts *backend.CreateOptions) error
	download  func(context.Context, string, *backend.OpenOptions, io.WriterAt) (backend.Info, error)
	upload    func(ctx context.Context, key string, opts *backend.CreateOptions, r io.ReaderAt, size int64) error
	swap      func(ctx context.Context, key, old string, data []byte) (string, error)
	locate    func(context.Context, string, time.Duration) (*url.URL, error)
}

// goodBackend is a backend that no check finds fault with.
func goodBackend(t *testing.T) *hooks {
	return &hooks{Through: backend.Through{Backend: newModel(t.TempDir())}, opts: new(storagetest.Options), end: t.Context()}
}

func (h *hooks) Open(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
	if h.open != nil {
		return h.open(ctx, key, opts)
	}
	return h.Backend.Open(ctx, key, opts)
}

func (h *hooks) Stat(ctx context.Context, key string) (backend.Info, error) {
	if h.stat != nil {
		return h.stat(ctx, key)
	}
	return h.Backend.Stat(ctx, key)
}

func (h *hooks) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	if h.list != nil {
		return h.list(ctx, prefix)
	}
	return h.Backend.List(ctx, prefix)
}

func (h *hooks) Create(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
	if h.create != nil {
		return h.create(ctx, key, opts)
	}
	return h.Backend.Create(ctx, key, opts)
}

func (h *hooks) Delete(ctx context.Context, key string) error {
	if h.delete != nil {
		return h.delete(ctx, key)
	}
	return h.Backend.Delete(ctx, key)
}

func (h *hooks) Limits() backend.Limits { return h.limits }

func (h *hooks) DeleteAll(ctx context.Context, keys []string) error {
	if h.deleteAll != nil {
		return h.deleteAll(ctx, keys)
	}
	return h.Through.DeleteAll(ctx, keys)
}

func (h *hooks) Copy(ctx context.Context, from, to string, opts *backend.CreateOptions) error {
	if h.copy != nil {
		return h.copy(ctx, from, to, opts)
	}
	return h.Through.Copy(ctx, from, to, opts)
}

func (h *hooks) Download(ctx context.Context, key string, opts *backend.OpenOptions, w io.WriterAt) (backend.Info, error) {
	if h.download != nil {
		return h.download(ctx, key, opts, w)
	}
	return h.Through.Download(ctx, key, opts, w)
}

func (h *hooks) Upload(ctx context.Context, key string, opts *backend.CreateOptions, r io.ReaderAt, size int64) error {
	if h.upload != nil {
		return h.upload(ctx, key, opts, r, size)
	}
	return h.Through.Upload(ctx, key, opts, r, size)
}

func (h *hooks) Swap(ctx context.Context, key, old string, data []byte) (string, error) {
	if h.swap != nil {
		return h.swap(ctx, key, old, data)
	}
	return h.Through.Swap(ctx, key, old, data)
}

func (h *hooks) Locate(ctx context.Context, key string, validFor time.Duration) (*url.URL, error) {
	if h.locate != nil {
		return h.locate(ctx, key, validFor)
	}
	return h.Through.Locate(ctx, key, validFor)
}

// fakeWriter buffers, and does at its two endings what a test says.
type fakeWriter struct {
	bytes.Buffer
	commit func(data []byte) error
	close  func(data []byte) error
}

func (w *fakeWriter) Commit() error { return w.commit(w.Bytes()) }
func (w *fakeWriter) Close() error {
	if w.close == nil {
		return nil
	}
	return w.close(w.Bytes())
}

// fakeReader reads what a test says, and tells what the object told.
type fakeReader struct {
	backend.Reader
	from io.Reader
}

func (r fakeReader) Read(p []byte) (int, error) { return r.from.Read(p) }

func publish(good backend.Backend, key string, data []byte, opts *backend.CreateOptions) error {
	w, err := good.Create(context.Background(), key, opts)
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := w.Write(data); err != nil {
		return err
	}
	return w.Commit()
}

// wrapOpen breaks what is read of an object.
func wrapOpen(h *hooks, wrap func(r backend.Reader, opts backend.OpenOptions) io.Reader) {
	good := h.Backend
	h.open = func(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
		if opts == nil {
			opts = &backend.OpenOptions{}
		}
		r, err := good.Open(ctx, key, opts)
		if err != nil {
			return nil, err
		}
		return fakeReader{r, wrap(r, *opts)}, nil
	}
}

// relist breaks what List yields, and in which order.
func relist(h *hooks, change func(prefix string, all []backend.Info) []backend.Info) {
	good := h.Backend
	h.list = func(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
		return func(yield func(backend.Info, error) bool) {
			var all []backend.Info
			for info, err := range good.List(ctx, "") {
				if err != nil {
					yield(info, err)
					return
				}
				all = append(all, info)
			}
			for _, info := range change(prefix, all) {
				if !yield(info, nil) {
					return
				}
			}
		}
	}
}

func under(prefix string, all []backend.Info) []backend.Info {
	return slices.DeleteFunc(all, func(i backend.Info) bool { return !backend.HasPrefix(i.Key, prefix) })
}
