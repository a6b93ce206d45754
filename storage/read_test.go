package storage_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
)

// The stream that proved that the file is there is the one that is read; the
// second reading, and that after a lost stream, open it again.
func TestReadMetadataUsesWhatResolvingOpened(t *testing.T) {
	p := newProbe(t, "sp/_metadata")
	location := resolve(t, newStorage(t, p, nil), "s3://b/sp")
	p.requests()
	for _, want := range []string{"", "open sp/_metadata"} {
		data, err := location.ReadMetadata(t.Context())
		if err != nil || string(data) != "<sp/_metadata>" {
			t.Errorf("read %q, %v", data, err)
		}
		if asked := p.requests(); asked != want {
			t.Errorf("asked %q, want %q", asked, want)
		}
	}
}

func TestReadMetadataOpensALostStreamAgain(t *testing.T) {
	p := newProbe(t, "sp/_metadata")
	lost := 0
	p.reader = func(_ context.Context, r backend.Reader) backend.Reader {
		if lost++; lost == 1 {
			return altered{Reader: r, from: errorReader{errors.New("connection reset by peer")}, size: r.Info().Size}
		}
		return r
	}
	location := resolve(t, newStorage(t, p, nil), "s3://b/sp")
	if data, err := location.ReadMetadata(t.Context()); err != nil || string(data) != "<sp/_metadata>" {
		t.Errorf("read %q, %v", data, err)
	}
}

// Resolving is often done under a time limit that ends with it. Reading has a
// context of its own.
func TestTheContextOfResolvingEndsWithIt(t *testing.T) {
	p := newProbe(t, "sp/_metadata")
	ctx, cancel := context.WithCancel(t.Context())
	location, err := newStorage(t, p, nil).ResolveCheckpoint(ctx, "s3://b/sp")
	must(t, err)
	defer location.Close()
	cancel()
	p.requests()
	if _, err := location.ReadMetadata(t.Context()); err != nil {
		t.Errorf("reading after the context of resolving ended: %v", err)
	}
	if asked := p.requests(); asked != "" {
		t.Errorf("the stream was lost with the context: asked %q", asked)
	}
}

// A read that hangs ends with the context of reading, although the stream was
// opened under another.
func TestTheContextOfReadingEndsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProbe(t, "sp/_metadata")
		p.reader = func(opened context.Context, r backend.Reader) backend.Reader {
			return altered{r, hanging{opened}, r.Info().Size}
		}
		location := resolve(t, newStorage(t, p, nil), "s3://b/sp")
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := location.ReadMetadata(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a read that hangs ended with %v", err)
		}
	})
}

// hanging reads nothing until its context ends.
type hanging struct{ ctx context.Context }

func (h hanging) Read([]byte) (int, error) {
	<-h.ctx.Done()
	return 0, h.ctx.Err()
}

func TestReadMetadataIsBounded(t *testing.T) {
	content := strings.Repeat("x", 1000)
	tests := []struct {
		name  string
		alter func(context.Context, backend.Reader) backend.Reader
		limit int64
		err   error
		says  string
	}{
		{"fits", nil, 1000, nil, ""},
		{"too large", nil, 999, storage.ErrMetadataTooLarge, "1000 bytes"},
		{"unknown size fits", sizeOf(-1), 1000, nil, ""},
		{"unknown size too large", sizeOf(-1), 999, storage.ErrMetadataTooLarge, "999 are allowed"},
		{"shorter than told", sizeOf(1001), 2000, io.ErrUnexpectedEOF, "1000 of 1001"},
		{"longer than told", sizeOf(999), 2000, nil, "more than the 999 bytes"},
		{"absurd", sizeOf(1 << 62), 0, storage.ErrMetadataTooLarge, "Options.MaxMetadataSize"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newProbe(t)
			p.put(t, "sp/_metadata", content)
			p.reader = test.alter
			location := resolve(t, newStorage(t, p, &storage.Options{MaxMetadataSize: test.limit}), "s3://b/sp")
			data, err := location.ReadMetadata(t.Context())
			if test.says == "" {
				if err != nil || string(data) != content {
					t.Errorf("%d bytes, %v", len(data), err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.says) || test.err != nil && !errors.Is(err, test.err) {
				t.Errorf("%v; want %v, saying %q", err, test.err, test.says)
			}
			if err != nil && !strings.Contains(err.Error(), "s3://b/sp/_metadata") {
				t.Errorf("does not name the file: %v", err)
			}
		})
	}
}

func TestAClosedLocationIsClosed(t *testing.T) {
	location := resolve(t, newStorage(t, newProbe(t, "sp/_metadata"), nil), "s3://b/sp")
	must(t, location.Close())
	must(t, location.Close())
	if _, err := location.ReadMetadata(t.Context()); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("reading a closed location: %v", err)
	}
}

// altered is a reader that reads or tells something else.
type altered struct {
	backend.Reader
	from io.Reader
	size int64
}

func (a altered) Read(p []byte) (int, error) { return a.from.Read(p) }
func (a altered) Info() backend.Info         { return backend.Info{Key: a.Reader.Info().Key, Size: a.size} }

func sizeOf(size int64) func(context.Context, backend.Reader) backend.Reader {
	return func(_ context.Context, r backend.Reader) backend.Reader { return altered{r, r, size} }
}

type errorReader struct{ err error }

func (r errorReader) Read([]byte) (int, error) { return 0, r.err }

// slowList is a store that takes longer to list.
type slowList struct {
	*probe
	takes time.Duration
}

func (s *slowList) List(ctx context.Context, _ string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		select {
		case <-time.After(s.takes):
		case <-ctx.Done():
			yield(backend.Info{}, ctx.Err())
		}
	}
}

func storageOver(t *testing.T, b backend.Backend) *storage.BackendStorage {
	t.Helper()
	var registry backend.Registry
	registry.Register(func(context.Context, backend.Root) (backend.Backend, error) { return b, nil }, "s3")
	s, err := storage.New(&registry, nil)
	must(t, err)
	return s
}
