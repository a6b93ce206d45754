package mem

import (
	"context"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

// Backend holds objects in memory. Its zero value is empty and ready. It is safe
// for use by many goroutines at once.
type Backend struct {
	// Remember is how many of the last changes [Backend.Crash] can take back. What
	// they replaced is held in memory until then, so it is 0 unless a test says
	// otherwise. It is set before the first use.
	Remember int

	name string // for errors; the authority it was opened under

	mu      sync.RWMutex
	objects map[string]object    // guarded by mu; the data of an object never changes
	version uint64               // guarded by mu; the last that was given to an object
	changes []change             // guarded by mu; the last ones
	writers map[*writer]struct{} // guarded by mu; those that have not ended
	left    []string             // the keys whose writers did not survive the crash that made this store
}

type object struct {
	data    []byte
	modTime time.Time
	version string
}

var _ interface {
	backend.Backend
	backend.Limited
	backend.BatchDeleter
	backend.Copier
	backend.Swapper
} = (*Backend)(nil)

// Limits returns what memory cannot promise: to outlive the process.
func (b *Backend) Limits() backend.Limits { return backend.Limits{Volatile: true} }

// Open opens the object.
func (b *Backend) Open(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
	o, err := b.lookup(ctx, "open", key)
	if err != nil {
		return nil, err
	}
	if opts == nil {
		opts = &backend.OpenOptions{}
	}
	if opts.Offset < 0 || opts.Length < 0 {
		return nil, b.fail("open", key, fmt.Errorf("%w: negative range", fs.ErrInvalid))
	}
	if opts.Version != "" && opts.Version != o.version {
		return nil, b.fail("open", key, backend.ErrChanged)
	}
	return &reader{ctx: ctx, backend: b, rest: clip(o.data, opts), info: o.info(key)}, nil
}

// Stat describes the object.
func (b *Backend) Stat(ctx context.Context, key string) (backend.Info, error) {
	o, err := b.lookup(ctx, "stat", key)
	if err != nil {
		return backend.Info{}, err
	}
	return o.info(key), nil
}

// List yields the objects that are there when it begins.
func (b *Backend) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		for _, info := range b.snapshot(prefix) {
			if err := ctx.Err(); err != nil {
				yield(backend.Info{}, b.fail("list", prefix, err))
				return
			}
			if !yield(info, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(backend.Info{}, b.fail("list", prefix, err))
		}
	}
}

// Create begins to write an object.
func (b *Backend) Create(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
	if err := b.check(ctx, "create", key); err != nil {
		return nil, err
	}
	w := &writer{ctx: ctx, backend: b, key: key, ifAbsent: opts != nil && opts.IfAbsent}
	b.begun(w)
	return w, nil
}

// Delete removes the object.
func (b *Backend) Delete(ctx context.Context, key string) error {
	if err := b.check(ctx, "delete", key); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.remove(key)
	return nil
}

// Close does nothing: the objects live as long as the Backend is held.
func (b *Backend) Close() error { return nil }

func (b *Backend) lookup(ctx context.Context, op, key string) (object, error) {
	if err := b.check(ctx, op, key); err != nil {
		return object{}, err
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	o, ok := b.objects[key]
	if !ok {
		return object{}, b.fail(op, key, fs.ErrNotExist)
	}
	return o, nil
}

// snapshot returns what is under the prefix now, in the order of the keys' bytes.
func (b *Backend) snapshot(prefix string) []backend.Info {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var infos []backend.Info
	for _, key := range slices.Sorted(maps.Keys(b.objects)) {
		if backend.HasPrefix(key, prefix) {
			infos = append(infos, b.objects[key].info(key))
		}
	}
	return infos
}

func (b *Backend) check(ctx context.Context, op, key string) error {
	if err := ctx.Err(); err != nil {
		return b.fail(op, key, err)
	}
	if !backend.ValidKey(key) {
		return b.fail(op, key, errInvalidKey)
	}
	return nil
}

var errInvalidKey = fmt.Errorf("%w: a key is names joined by single slashes, none of them empty or dots alone", fs.ErrInvalid)

func (b *Backend) fail(op, key string, err error) error {
	root := ""
	if b.name != "" {
		root = fmt.Sprintf("store %q", b.name)
	}
	return &backend.Error{Backend: "mem", Op: op, Key: key, Root: root, Err: err}
}

func (o object) info(key string) backend.Info {
	return backend.Info{Key: key, Size: int64(len(o.data)), ModTime: o.modTime, Version: o.version}
}
