package storage_test

import (
	"context"
	"fmt"
	"hash/crc32"
	"io"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
)

// distant is a store as S3 is one: far away, it lists and deletes a thousand objects
// with a request. It writes down what it is asked, and fails where a test says:
// before a change is made, or after it, when the answer is lost.
type distant struct {
	mem.Backend
	latency       time.Duration
	limits        backend.Limits
	before, after func(op, key string) error

	mu    sync.Mutex
	asked []string // guarded by mu
}

var _ backend.BatchDeleter = (*distant)(nil)

func (d *distant) Limits() backend.Limits { return d.limits }

// ask is one request: it takes its time, and may fail before or after it does what
// it is for.
func (d *distant) ask(ctx context.Context, op, key string, do func() error) error {
	d.mu.Lock()
	d.asked = append(d.asked, strings.TrimSpace(op+" "+key))
	d.mu.Unlock()
	select {
	case <-time.After(d.latency):
	case <-ctx.Done():
		return ctx.Err()
	}
	if d.before != nil {
		if err := d.before(op, key); err != nil {
			return err
		}
	}
	if err := do(); err != nil {
		return err
	}
	if d.after != nil {
		return d.after(op, key)
	}
	return nil
}

func (d *distant) Open(ctx context.Context, key string, opts *backend.OpenOptions) (r backend.Reader, err error) {
	err = d.ask(ctx, "open", key, func() error {
		r, err = d.open(ctx, key, opts)
		return err
	})
	return r, err
}

// open tells versions by how contents begin, which is good enough here.
func (d *distant) open(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
	whole, err := d.Backend.Open(ctx, key, &backend.OpenOptions{Length: 100})
	if err != nil {
		return nil, err
	}
	sum := crc32.NewIEEE()
	if _, err := io.Copy(sum, whole); err != nil {
		return nil, err
	}
	version := fmt.Sprintf("%x", sum.Sum(nil))
	var asked backend.OpenOptions
	if opts != nil {
		asked = *opts
	}
	if asked.Version != "" && asked.Version != version {
		return nil, &backend.Error{Backend: "far", Op: "open", Key: key, Err: backend.ErrChanged}
	}
	asked.Version = ""
	r, err := d.Backend.Open(ctx, key, &asked)
	return &versioned{r, version}, err
}

type versioned struct {
	backend.Reader
	version string
}

func (r *versioned) Info() backend.Info {
	info := r.Reader.Info()
	info.Version = r.version
	return info
}

func (d *distant) Stat(ctx context.Context, key string) (info backend.Info, err error) {
	err = d.ask(ctx, "stat", key, func() error {
		info, err = d.Backend.Stat(ctx, key)
		return err
	})
	return info, err
}

func (d *distant) Delete(ctx context.Context, key string) error {
	return d.ask(ctx, "delete", key, func() error { return d.Backend.Delete(ctx, key) })
}

func (d *distant) DeleteAll(ctx context.Context, keys []string) error {
	for batch := range slices.Chunk(keys, 1000) {
		err := d.ask(ctx, "delete all", "", func() error {
			for _, key := range batch {
				if err := d.Backend.Delete(ctx, key); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *distant) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		nothing := func() error { return nil }
		if err := d.ask(ctx, "list", prefix, nothing); err != nil {
			yield(backend.Info{}, err)
			return
		}
		n := 0
		for info, err := range d.Backend.List(ctx, prefix) {
			if n > 0 && n%1000 == 0 {
				if err := d.ask(ctx, "list", prefix, nothing); err != nil {
					yield(backend.Info{}, err)
					return
				}
			}
			if n++; !yield(info, err) {
				return
			}
		}
	}
}

func (d *distant) Create(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
	w, err := d.Backend.Create(ctx, key, opts)
	return &distantWriter{w, ctx, d, key}, err
}

type distantWriter struct {
	backend.Writer
	ctx   context.Context
	store *distant
	key   string
}

func (w *distantWriter) Write(p []byte) (int, error) {
	if w.store.before != nil {
		if err := w.store.before("write", w.key); err != nil {
			return 0, err
		}
	}
	return w.Writer.Write(p)
}

func (w *distantWriter) Commit() error {
	return w.store.ask(w.ctx, "commit", w.key, w.Writer.Commit)
}

// requests returns what was asked since the last call.
func (d *distant) requests() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	asked := d.asked
	d.asked = nil
	return asked
}

// keys returns what is in the store.
func (d *distant) keys(t *testing.T) []string {
	t.Helper()
	return keysOf(t, &d.Backend)
}

func keysOf(t *testing.T, b backend.Backend) []string {
	t.Helper()
	keys := []string{}
	for info, err := range b.List(context.Background(), "") {
		must(t, err)
		keys = append(keys, info.Key)
	}
	return keys
}

func (d *distant) put(t *testing.T, keys ...string) {
	t.Helper()
	for _, key := range keys {
		w, err := d.Backend.Create(context.Background(), key, nil)
		must(t, err)
		_, err = w.Write([]byte("<" + key + ">"))
		must(t, err)
		must(t, w.Commit())
	}
}
