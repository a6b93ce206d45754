package storage_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
)

func openAt(t *testing.T, at storage.CompletedCheckpointStorageLocation, handle checkpoint.StreamStateHandle, opts *storage.ReadOptions) *storage.StateReader {
	t.Helper()
	r, err := storage.OpenStateAt(t.Context(), at, handle, opts)
	must(t, err)
	t.Cleanup(func() { must(t, r.Close()) })
	return r
}

// The reader is what package iotest says a reader, a seeker and a reader at offsets
// must be.
func TestStateReaders(t *testing.T) {
	const size = 3000
	store, text := digits(t, size)
	putText(t, store, "j/shared/big", "xxx"+text+"more")
	at := resolve(t, over(t, store), "far://b/j/chk-1")
	for name, handle := range map[string]checkpoint.StreamStateHandle{
		"file":         relative("data", size),
		"unknown size": relative("data", -1),
		"changelog":    file("far://b/j/dstl/data", 1),
		"segment":      segment("far://b/j/shared/big", 3, size),
		"inline":       &checkpoint.ByteStreamStateHandle{Data: []byte(text)},
	} {
		t.Run(name, func(t *testing.T) {
			for _, opts := range []*storage.ReadOptions{nil, {MaxRequest: 100}, {MaxRequest: 1 << 30}} {
				r := openAt(t, at, handle, opts)
				if r.Size() != size {
					t.Errorf("has %d bytes", r.Size())
				}
				if err := iotest.TestReader(r, []byte(text)); err != nil {
					t.Errorf("%+v: %v", opts, err)
				}
			}
		})
	}
	if err := iotest.TestReader(openAt(t, rangeless{at}, relative("data", size), nil), []byte(text)); err != nil {
		t.Errorf("a location without ranges: %v", err)
	}
	empty := openAt(t, at, &checkpoint.EmptySegmentFileStateHandle{}, nil)
	if n, err := empty.Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("read %d, %v of nothing", n, err)
	}
}

// TestReadingOn counts requests: one that reads on gets ever larger pieces, ahead of
// it; one that jumps gets a piece at a time.
func TestReadingOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const size = 64 << 20
		store, text := digits(t, size)
		at := resolve(t, over(t, store), "far://b/j/chk-1")
		store.requests()
		store.latency = 100 * time.Millisecond
		r, err := storage.OpenStateAt(t.Context(), at, relative("data", size), nil)
		must(t, err)
		got, err := io.ReadAll(r)
		must(t, err)
		if n := opened(store); string(got) != text || n > 12 {
			t.Errorf("64 MiB came with %d requests", n)
		}
		for range 30 {
			_, err := r.ReadAt(make([]byte, 10), rand.Int64N(size-10)/2)
			must(t, err)
		}
		if n := opened(store); n > 65 {
			t.Errorf("30 times 10 bytes here and there came with %d requests", n)
		}
		large := make([]byte, 20<<20)
		_, err = r.ReadAt(large, 40<<20)
		must(t, err)
		if n := opened(store); n > 5 || !bytes.Equal(large, []byte(text[40<<20:60<<20])) {
			t.Errorf("20 MiB at once came with %d requests", n)
		}
		for range 1000 {
			_, err := r.ReadAt(make([]byte, 10), 59<<20)
			must(t, err)
		}
		if n := opened(store); n > 1 {
			t.Errorf("what was read lately came with %d requests", n)
		}
		must(t, r.Close())
		must(t, at.Close())
	})
}

// What is in memory is not asked for again, not even ahead.
func TestStateReadersDoNotAskTwice(t *testing.T) {
	const mib = 1 << 20
	store, _ := digits(t, 6*mib)
	at := resolve(t, over(t, store), "far://b/j/chk-1")
	r := openAt(t, at, relative("data", 6*mib), nil)
	for _, read := range []struct{ offset, length int64 }{{3 * mib, 1}, {mib, 2 * mib}, {3*mib - 1, 2}, {0, 3 * mib}} {
		_, err := r.ReadAt(make([]byte, read.length), read.offset)
		must(t, err)
	}
	must(t, r.Close())
	if n := opened(store); n != 3 {
		t.Errorf("asked %d times", n)
	}
}

func TestStateReadersReadAtOnce(t *testing.T) {
	const size = 50_000
	store, text := digits(t, size)
	at := resolve(t, over(t, store), "far://b/j/chk-1")
	r := openAt(t, at, relative("data", size), &storage.ReadOptions{MaxRequest: 1000})
	var all sync.WaitGroup
	for seed := range uint64(8) {
		all.Go(func() {
			random := rand.New(rand.NewPCG(seed, 2))
			for range 500 {
				off := random.Int64N(size)
				p := make([]byte, random.Int64N(3000))
				n, err := r.ReadAt(p, off)
				if err != nil && !errors.Is(err, io.EOF) || string(p[:n]) != text[off:][:n] || n < len(p) && off+int64(n) != size {
					t.Errorf("%d bytes at %d: %d, %v", len(p), off, n, err)
				}
			}
		})
	}
	all.Wait()
}

// A failure is told to who asked, and is forgotten.
func TestAStateReaderOutlivesAFailure(t *testing.T) {
	store, text := digits(t, 5000)
	at := resolve(t, over(t, store), "far://b/j/chk-1")
	r := openAt(t, at, relative("data", 5000), &storage.ReadOptions{MaxRequest: 500})
	store.before = func(op, _ string) error {
		if op == "open" {
			return errBroken
		}
		return nil
	}
	p := make([]byte, 100)
	for range 2 {
		if _, err := r.ReadAt(p, 2000); !errors.Is(err, errBroken) || !strings.Contains(err.Error(), "far://b/j/chk-1 at 2000") {
			t.Errorf("%v", err)
		}
	}
	store.before = nil
	if n, err := r.ReadAt(p, 2000); err != nil || string(p[:n]) != text[2000:2100] {
		t.Errorf("read %q, %v", p[:n], err)
	}
	putText(t, store, "j/chk-1/data", strings.Repeat("x", 5000))
	if _, err := r.ReadAt(p, 4000); !errors.Is(err, backend.ErrChanged) {
		t.Errorf("another file: %v", err)
	}
}

func TestStateReadersThatCannotBeOpened(t *testing.T) {
	store, _ := digits(t, 5000)
	at := resolve(t, over(t, store), "far://b/j/chk-1")
	for _, handle := range []checkpoint.StreamStateHandle{nil, relative("gone", 5), relative("data", 5001), file("far://b/other/x", 1)} {
		if _, err := storage.OpenStateAt(t.Context(), at, handle, nil); err == nil {
			t.Errorf("%v opened", handle)
		}
	}
	if _, err := storage.OpenStateAt(t.Context(), rangeless{at}, nil, nil); err == nil {
		t.Error("no handle opened")
	}
}

func TestClosedStateReaders(t *testing.T) {
	store, _ := digits(t, 5000)
	at := resolve(t, over(t, store), "far://b/j/chk-1")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	closed, err := storage.OpenStateAt(ctx, at, relative("data", 5000), nil)
	must(t, err)
	must(t, closed.Close())
	must(t, closed.Close())
	if _, err := closed.ReadAt(make([]byte, 1), 0); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("read after close: %v", err)
	}
	open, err := storage.OpenStateAt(ctx, at, relative("data", 5000), nil)
	must(t, err)
	for _, seek := range []struct {
		offset int64
		whence int
	}{{-1, io.SeekStart}, {-5001, io.SeekEnd}, {0, 7}} {
		if _, err := open.Seek(seek.offset, seek.whence); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("seek %v: %v", seek, err)
		}
	}
	if _, err := open.ReadAt(make([]byte, 1), -1); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("read at -1: %v", err)
	}
	cancel()
	if _, err := open.ReadAt(make([]byte, 1), 0); !errors.Is(err, context.Canceled) {
		t.Errorf("read after the context ended: %v", err)
	}
	must(t, open.Close())
}
