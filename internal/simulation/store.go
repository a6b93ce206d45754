package simulation

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"iter"
	"slices"

	"github.com/cairnstate/cairn/storage/backend"
)

// store is the disk as one process has it. Each verb is a request.
type store struct{ of *process }

var _ interface {
	backend.Backend
	backend.BatchDeleter
	backend.Swapper
	backend.Limited
} = store{}

// Limits are none, but that some disks do not swap.
func (s store) Limits() backend.Limits { return backend.Limits{NoSwap: s.of.world.noSwap} }

func fail(verb, key string, err error) error {
	if err == nil {
		return nil
	}
	return &backend.Error{Backend: "simulation", Op: verb, Key: key, Err: err}
}

// Open reads the object at once. Ranges are asked for by nobody here.
func (s store) Open(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
	r := &reader{}
	err := s.of.ask(ctx, "reads", key, func() error {
		o, err := s.of.world.disk.get(key)
		if err == nil {
			r.Reader, r.info = bytes.NewReader(o.data), o.info(key)
		}
		return err
	})
	if err == nil && opts != nil && (opts.Offset != 0 || opts.Length != 0 || opts.Version != "") {
		err = errors.ErrUnsupported
	}
	if err != nil {
		return nil, fail("open", key, err)
	}
	return r, nil
}

// Stat describes the object.
func (s store) Stat(ctx context.Context, key string) (info backend.Info, err error) {
	err = s.of.ask(ctx, "looks for", key, func() error {
		o, err := s.of.world.disk.get(key)
		if err == nil {
			info = o.info(key)
		}
		return err
	})
	return info, fail("stat", key, err)
}

// List is one request.
func (s store) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		var infos []backend.Info
		err := s.of.ask(ctx, "lists", prefix, func() error {
			infos = s.of.world.disk.list(prefix)
			return nil
		})
		if err != nil {
			yield(backend.Info{}, fail("list", prefix, err))
			return
		}
		for _, info := range infos {
			if !yield(info, nil) {
				return
			}
		}
	}
}

// Create begins to write, which the disk hears of at Commit.
func (s store) Create(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, fail("create", key, err)
	}
	return &writer{ctx: ctx, of: s.of, key: key, ifAbsent: opts != nil && opts.IfAbsent}, nil
}

// Delete removes the object.
func (s store) Delete(ctx context.Context, key string) error {
	err := s.of.ask(ctx, "deletes", key, func() error {
		s.of.world.disk.remove(s.of, key)
		return nil
	})
	return fail("delete", key, err)
}

// DeleteAll is one request, of which sometimes a part fails.
func (s store) DeleteAll(ctx context.Context, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	keys = slices.Clone(keys)
	err := s.of.ask(ctx, "deletes", keys[0]+" and others", func() error {
		w := s.of.world
		for _, key := range keys {
			if w.chance(w.weather.requestLost) {
				return errLost
			}
			w.disk.remove(s.of, key)
		}
		return nil
	})
	return fail("delete", "", err)
}

// Swap replaces the object if its version is old.
func (s store) Swap(ctx context.Context, key, old string, data []byte) (version string, err error) {
	if s.of.world.noSwap {
		return "", fail("swap", key, errors.ErrUnsupported)
	}
	data = slices.Clone(data)
	err = s.of.ask(ctx, "swaps", key, func() (err error) {
		version, err = s.of.world.disk.swap(s.of, key, old, data)
		return err
	})
	if err != nil {
		return "", fail("swap", key, err)
	}
	return version, nil
}

// Close does nothing.
func (s store) Close() error { return nil }

type reader struct {
	*bytes.Reader
	info backend.Info
}

func (r *reader) Info() backend.Info { return r.info }
func (r *reader) Close() error       { return nil }

type writer struct {
	ctx      context.Context
	of       *process
	key      string
	ifAbsent bool
	data     []byte
	ended    bool
}

func (w *writer) Write(p []byte) (int, error) {
	if w.ended {
		return 0, fail("create", w.key, fs.ErrClosed)
	}
	w.data = append(w.data, p...)
	return len(p), nil
}

func (w *writer) Commit() error {
	if w.ended {
		return fail("create", w.key, fs.ErrClosed)
	}
	w.ended = true
	err := w.of.ask(w.ctx, "writes", w.key, func() error {
		return w.of.world.disk.put(w.of, w.key, w.data, w.ifAbsent)
	})
	return fail("create", w.key, err)
}

func (w *writer) Close() error {
	w.ended = true
	return nil
}
