package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"

	"golang.org/x/sync/semaphore"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage/backend"
)

// source is the bytes of one handle, for a reader that asks for them in parts. All
// parts are of the version of the file that the first request found.
type source struct {
	open   func(ctx context.Context, offset, length int64, version string) (io.ReadCloser, error)
	size   int64 // of the handle; unknown if negative
	exact  bool  // size is that of the bytes, and not what Flink counted
	slots  *semaphore.Weighted
	pinned chan struct{} // closed once the first request has its answer

	first   sync.Once
	version string // final once pinned is closed
	has     int64  // the size that the store told with it; negative if it did not
}

// sourced is a location that knows how its state is read best.
type sourced interface {
	source(handle checkpoint.StreamStateHandle) (*source, error)
}

func sourceOf(at CompletedCheckpointStorageLocation, handle checkpoint.StreamStateHandle) (*source, error) {
	if l, ok := at.(sourced); ok {
		return l.source(handle)
	}
	if handle == nil {
		return nil, errNoHandle
	}
	open := func(ctx context.Context, offset, length int64, _ string) (io.ReadCloser, error) {
		return OpenStateRange(ctx, at, handle, offset, length)
	}
	return newSource(open, handle.StateSize(), false, semaphore.NewWeighted(DefaultStateRequests)), nil
}

// Why a handle cannot be read in parts.
var (
	errNoHandle = errors.New("there is no handle; the metadata says that there is no state here")
	errNoSize   = errors.New("neither the handle nor the store tells how many bytes there are; read it as a stream")
)

func newSource(open func(context.Context, int64, int64, string) (io.ReadCloser, error), size int64, exact bool, slots *semaphore.Weighted) *source {
	return &source{open: open, size: size, exact: exact, slots: slots, pinned: make(chan struct{}), has: -1}
}

func (l *location) source(handle checkpoint.StreamStateHandle) (*source, error) {
	e, err := l.locate(handle)
	if err != nil {
		return nil, err
	}
	if !e.isFile {
		open := func(_ context.Context, offset, length int64, _ string) (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(clip(e.inline, offset, length))), nil
		}
		return newSource(open, int64(len(e.inline)), true, l.storage.requests), nil
	}
	open := func(ctx context.Context, offset, length int64, version string) (io.ReadCloser, error) {
		e := e
		e.version = version
		r, err := l.openExtent(ctx, e, offset, length)
		if err != nil {
			return nil, fmt.Errorf("open %q: %w", redact(e.path.String()), err)
		}
		return r, nil
	}
	return newSource(open, e.size, e.sizeIsExact(), l.storage.requests), nil
}

// fetch lets use read a part, whole. It takes a slot, and keeps it no longer than
// the bytes take to come: use must wait for nobody, so that of many readers that
// want slots each gets one in the end.
func (s *source) fetch(ctx context.Context, part StateRange, use func(io.Reader) error) error {
	if err := s.slots.Acquire(ctx, 1); err != nil {
		return context.Cause(ctx)
	}
	return s.fetchInSlot(ctx, part, use)
}

// fetchInSlot is fetch for whoever has a slot, which it gives back.
func (s *source) fetchInSlot(ctx context.Context, part StateRange, use func(io.Reader) error) error {
	defer s.slots.Release(1)
	r, err := s.open(ctx, part.Offset, part.Length, s.version)
	if err != nil {
		return err
	}
	defer r.Close()
	s.first.Do(func() {
		if told, ok := r.(backend.Reader); ok {
			s.version, s.has = told.Info().Version, told.Info().Size
		}
		close(s.pinned)
	})
	return use(r)
}

// into returns what reads a part into memory.
func into(data []byte) func(io.Reader) error {
	return func(r io.Reader) error {
		n, err := io.ReadFull(r, data)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("%w: it ended %d bytes early: %w", ErrTruncated, len(data)-n, io.ErrUnexpectedEOF)
		}
		return err
	}
}

// check returns why the range cannot be of the handle.
func (s *source) check(r StateRange) error {
	if r.Offset < 0 || r.Length < 0 || r.end() < 0 {
		return fmt.Errorf("%w: a range of %d bytes at %d", fs.ErrInvalid, r.Length, r.Offset)
	}
	if s.exact && r.end() > s.size {
		return fmt.Errorf("%w: %d bytes at %d of a handle that has %d", ErrTruncated, r.Length, r.Offset, s.size)
	}
	return nil
}
