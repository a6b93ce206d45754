package storagetest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

// model is a store with every power and no limit but those that it is given. It
// keeps the whole contract, and is as simple as that can be.
type model struct {
	limits backend.Limits
	dir    string // where located objects are copied to

	mu      sync.Mutex
	objects map[string]stored // guarded by mu
	count   int               // of the versions so far
}

type stored struct {
	data    []byte // never changed
	version string
}

func newModel(dir string) *model {
	return &model{dir: dir, objects: make(map[string]stored)}
}

func fail(op, key string, err error) error {
	return &backend.Error{Backend: "model", Op: op, Key: key, Err: err}
}

func (m *model) Limits() backend.Limits { return m.limits }
func (m *model) Close() error           { return nil }

func (m *model) look(ctx context.Context, op, key string) (stored, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	o, ok := m.objects[key]
	switch {
	case ctx.Err() != nil:
		return o, fail(op, key, ctx.Err())
	case !ok:
		return o, fail(op, key, fs.ErrNotExist)
	}
	return o, nil
}

func (o stored) info(key string) backend.Info {
	return backend.Info{Key: key, Size: int64(len(o.data)), Version: o.version}
}

func (m *model) Stat(ctx context.Context, key string) (backend.Info, error) {
	o, err := m.look(ctx, "stat", key)
	return o.info(key), err
}

func (m *model) Open(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
	o, err := m.look(ctx, "open", key)
	if err != nil {
		return nil, err
	}
	if opts == nil {
		opts = new(backend.OpenOptions)
	}
	if opts.Offset < 0 || opts.Length < 0 {
		return nil, fail("open", key, fs.ErrInvalid)
	}
	if opts.Version != "" && opts.Version != o.version {
		return nil, fail("open", key, backend.ErrChanged)
	}
	rest := o.data[min(opts.Offset, int64(len(o.data))):]
	if opts.Length > 0 {
		rest = rest[:min(opts.Length, int64(len(rest)))]
	}
	return &modelReader{ctx, bytes.NewReader(rest), o.info(key)}, nil
}

type modelReader struct {
	ctx  context.Context
	rest *bytes.Reader
	info backend.Info
}

func (r *modelReader) Read(p []byte) (int, error) {
	if r.ctx.Err() != nil {
		return 0, fail("read", r.info.Key, r.ctx.Err())
	}
	return r.rest.Read(p)
}
func (r *modelReader) Close() error       { return nil }
func (r *modelReader) Info() backend.Info { return r.info }

func (m *model) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		m.mu.Lock()
		objects := maps.Clone(m.objects)
		m.mu.Unlock()
		for _, key := range slices.Sorted(maps.Keys(objects)) {
			if ctx.Err() == nil && backend.HasPrefix(key, prefix) && !yield(objects[key].info(key), nil) {
				return
			}
		}
		if ctx.Err() != nil {
			yield(backend.Info{}, fail("list", prefix, ctx.Err()))
		}
	}
}

func (m *model) Create(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
	for element := range bytes.SplitSeq([]byte(key), []byte("/")) {
		if m.limits.MaxElement > 0 && len(element) > m.limits.MaxElement {
			return nil, fail("create", key, errors.New("a name too long"))
		}
	}
	switch {
	case ctx.Err() != nil:
		return nil, fail("create", key, ctx.Err())
	case m.limits.ReadOnly:
		return nil, fail("create", key, backend.ErrReadOnly)
	case m.limits.MaxKey > 0 && len(key) > m.limits.MaxKey:
		return nil, fail("create", key, errors.New("a key too long"))
	}
	return &modelWriter{ctx: ctx, model: m, key: key, ifAbsent: opts != nil && opts.IfAbsent}, nil
}

type modelWriter struct {
	ctx      context.Context
	model    *model
	key      string
	ifAbsent bool
	data     bytes.Buffer
	ended    bool
}

func (w *modelWriter) Write(p []byte) (int, error) {
	if w.ended {
		return 0, fail("create", w.key, fs.ErrClosed)
	}
	if w.ctx.Err() != nil {
		return 0, fail("create", w.key, w.ctx.Err())
	}
	return w.data.Write(p)
}

func (w *modelWriter) Close() error { w.ended = true; return nil }

func (w *modelWriter) Commit() error {
	if w.ended {
		return fail("create", w.key, fs.ErrClosed)
	}
	w.ended = true
	_, err := w.model.publish(w.ctx, "create", w.key, w.data.Bytes(), func(_ stored, there bool) error {
		if there && w.ifAbsent {
			return fs.ErrExist
		}
		if limit := w.model.limits.MaxObject; limit > 0 && int64(w.data.Len()) > limit {
			return errors.New("too large")
		}
		return nil
	})
	return err
}

// publish makes the object be if what is there may be replaced.
func (m *model) publish(ctx context.Context, op, key string, data []byte, may func(stored, bool) error) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	old, there := m.objects[key]
	if err := errors.Join(ctx.Err(), may(old, there)); err != nil {
		return "", fail(op, key, err)
	}
	m.count++
	o := stored{data, strconv.Itoa(m.count)}
	m.objects[key] = o
	return o.version, nil
}

func (m *model) Delete(ctx context.Context, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.limits.ReadOnly {
		return fail("delete", key, backend.ErrReadOnly)
	}
	if ctx.Err() != nil {
		return fail("delete", key, ctx.Err())
	}
	delete(m.objects, key)
	return nil
}

func (m *model) DeleteAll(ctx context.Context, keys []string) error {
	var failed error
	for _, key := range keys {
		failed = errors.Join(failed, m.Delete(ctx, key))
	}
	return failed
}

func (m *model) Copy(ctx context.Context, from, to string, opts *backend.CreateOptions) error {
	o, err := m.look(ctx, "copy", from)
	if err != nil {
		return err
	}
	_, err = m.publish(ctx, "copy", to, o.data, func(_ stored, there bool) error {
		if there && opts != nil && opts.IfAbsent {
			return fs.ErrExist
		}
		return nil
	})
	return err
}

// Download writes the second half first, as parallel readers may.
func (m *model) Download(ctx context.Context, key string, opts *backend.OpenOptions, w io.WriterAt) (backend.Info, error) {
	r, err := m.Open(ctx, key, opts)
	if err != nil {
		return backend.Info{}, err
	}
	data, err := io.ReadAll(r)
	half := len(data) / 2
	_, second := w.WriteAt(data[half:], int64(half))
	_, first := w.WriteAt(data[:half], 0)
	return r.Info(), errors.Join(err, second, first)
}

// Upload takes the second half first, as parallel writers may.
func (m *model) Upload(ctx context.Context, key string, opts *backend.CreateOptions, r io.ReaderAt, size int64) error {
	w, err := m.Create(ctx, key, opts)
	if err != nil {
		return err
	}
	data := make([]byte, size)
	for _, part := range [][2]int64{{size / 2, size}, {0, size / 2}} {
		_, err := io.ReadFull(io.NewSectionReader(r, part[0], part[1]-part[0]), data[part[0]:part[1]])
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return fail("upload", key, io.ErrUnexpectedEOF)
		}
		if err != nil {
			return err
		}
	}
	if _, err := w.Write(data); err != nil {
		return err
	}
	return w.Commit()
}

func (m *model) Swap(ctx context.Context, key, old string, data []byte) (string, error) {
	if m.limits.NoSwap || m.limits.ReadOnly {
		return "", fail("swap", key, errors.ErrUnsupported)
	}
	return m.publish(ctx, "swap", key, data, func(o stored, _ bool) error {
		if o.version != old {
			return backend.ErrChanged
		}
		return nil
	})
}

func (m *model) Locate(ctx context.Context, key string, _ time.Duration) (*url.URL, error) {
	o, err := m.look(ctx, "locate", key)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(m.dir, fmt.Sprintf("%x", key[max(0, len(key)-40):]))
	return &url.URL{Scheme: "file", Path: path}, os.WriteFile(path, o.data, 0o600)
}
