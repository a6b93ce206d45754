package storagetest_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"slices"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/storagetest"
)

// hooks is a good backend in which a test breaks one verb. A verb without a hook
// is as good as before.
type hooks struct {
	backend.Backend
	open   func(context.Context, string, *backend.OpenOptions) (backend.Reader, error)
	stat   func(context.Context, string) (backend.Info, error)
	list   func(context.Context, string) iter.Seq2[backend.Info, error]
	create func(context.Context, string, *backend.CreateOptions) (backend.Writer, error)
	delete func(context.Context, string) error
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

// TestChecksBite holds one backend for each check that breaks its promise, and no
// other way to pass: the check must fail on it, and pass on the good one.
func TestChecksBite(t *testing.T) {
	broken := brokenBackends()
	for _, check := range storagetest.Checks() {
		ways := broken[check.Name]
		if len(ways) == 0 {
			t.Errorf("no backend breaks %q: the check is not proven", check.Name)
		}
		for how, breakIt := range ways {
			t.Run(check.Name+"/"+how, func(t *testing.T) {
				if err := check.Verify(t.Context(), new(mem.Backend), ""); err != nil {
					t.Fatalf("the good backend fails: %v", err)
				}
				h := &hooks{Backend: new(mem.Backend)}
				breakIt(h)
				err := verify(t, check, h)
				if err == nil {
					t.Fatal("the check passes although the promise is broken")
				}
				t.Log(err)
			})
		}
		delete(broken, check.Name)
	}
	for name := range broken {
		t.Errorf("there is no check %q", name)
	}
}

// verify takes a panic for an error: it is how Go tells that an iterator went on.
func verify(t *testing.T, check storagetest.Check, b backend.Backend) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("panic")
		}
	}()
	return check.Verify(t.Context(), b, "")
}
