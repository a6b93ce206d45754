package limit_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/around"
	"github.com/cairnstate/cairn/storage/internal/powers"
	"github.com/cairnstate/cairn/storage/limit"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/storagetest"
)

func TestConformance(t *testing.T) {
	shared := new(mem.Backend)
	storagetest.Run(t, func(t *testing.T) backend.Backend {
		return wrap(t, shared, &limit.Options{Calls: 2, Requests: 1e6, Bytes: 1e9, Budget: limit.S3Budget()})
	})
}

// TestNoMethodGoesPast holds the only slot; whatever else is called has to wait.
func TestNoMethodGoesPast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		held := make(chan struct{})
		b := wrap(t, hooked(new(mem.Backend), func(c *around.Call) {
			if c.Key == "held" {
				<-held
			}
		}), &limit.Options{Calls: 1})
		go b.Stat(t.Context(), "held") //nolint:errcheck // it only holds the slot
		synctest.Wait()
		for name, request := range powers.Requests(b) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			if err := request(ctx, "key"); name != "Close" && !waited(err, "calls at once") {
				t.Errorf("%s gives %v", name, err)
			}
			cancel()
		}
		close(held)
	})
}

func TestSoManyAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int64
		b := wrap(t, around.Wrap(new(mem.Backend), func(_ *around.Call, do func() error) error {
			most.Store(max(most.Load(), now.Add(1)))
			defer now.Add(-1)
			time.Sleep(time.Second)
			return do()
		}), &limit.Options{Calls: 5})
		began := time.Now()
		for range 50 {
			go b.Stat(t.Context(), "a") //nolint:errcheck // it is absent
		}
		synctest.Wait()
		time.Sleep(9*time.Second + time.Millisecond)
		if _, err := b.Stat(t.Context(), "a"); most.Load() != 5 || time.Since(began) < 10*time.Second {
			t.Errorf("%d at once, after %s (%v)", most.Load(), time.Since(began), err)
		}
	})
}

// TestWhoLooksAtAListingHoldsNothing would hang if a listing held its slot while the
// caller deletes what it sees.
func TestWhoLooksAtAListingHoldsNothing(t *testing.T) {
	b := wrap(t, new(mem.Backend), &limit.Options{Calls: 1})
	for _, key := range []string{"a", "b"} {
		put(t, b, key, "")
	}
	for info, err := range b.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Delete(t.Context(), info.Key); err != nil {
			t.Fatal(err)
		}
	}
}

// TestPiecesNeedNoSlot would hang if what moves inside of a call waited for a slot that
// the call holds.
func TestPiecesNeedNoSlot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		b := wrap(t, new(mem.Backend), &limit.Options{Calls: 1})
		if err := backend.Upload(ctx, b, "a", nil, strings.NewReader("content"), 7); err != nil {
			t.Errorf("uploading: %v", err)
		}
		put(t, b, "a", "content")
		if _, err := backend.Download(ctx, b, "a", nil, nowhere{}); err != nil {
			t.Errorf("downloading: %v", err)
		}
	})
}

func TestReadersQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := wrap(t, new(mem.Backend), &limit.Options{Readers: 1})
		put(t, b, "a", "content")
		for range 3 { // what cannot be opened holds nothing
			_, _ = b.Open(t.Context(), "absent", nil)
		}
		r, err := b.Open(t.Context(), "a", nil)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := b.Open(ctx, "a", nil); !waited(err, "readers at once") {
			t.Errorf("the second reader: %v", err)
		}
		time.AfterFunc(time.Minute, func() { r.Close(); r.Close() })
		for range 2 {
			r, err := b.Open(t.Context(), "a", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Close()
		}
	})
}

// TestWhoWaitedInVainChangedNothing ends contexts before and while they wait.
func TestWhoWaitedInVainChangedNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := new(mem.Backend)
		put(t, store, "a", "kept")
		b := wrap(t, store, &limit.Options{Requests: 1})
		if _, err := b.Stat(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Millisecond, cancel)
		if err := b.Delete(ctx, "a"); !errors.Is(err, context.Canceled) || !waited(err, "requests per second") {
			t.Errorf("cancelled: %v", err)
		}
		if _, err := store.Stat(t.Context(), "a"); err != nil {
			t.Error(err)
		}
	})
}

func waited(err error, what string) bool {
	return err != nil && strings.Contains(err.Error(), "while waiting") && strings.Contains(err.Error(), what) &&
		(errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded))
}

func TestOptionsThatAreNone(t *testing.T) {
	for _, opts := range []limit.Options{
		{Calls: -1}, {Readers: -1}, {Requests: -1}, {Bytes: -0.1}, {Budget: new(limit.Budget)}, {Budget: &limit.Budget{Reads: 1, Writes: 1, Elements: -1}},
	} {
		if _, err := limit.Wrap(new(mem.Backend), &opts); err == nil {
			t.Errorf("%+v is taken", opts)
		}
	}
}

func wrap(t *testing.T, b backend.Backend, opts *limit.Options) backend.Backend {
	t.Helper()
	limited, err := limit.Wrap(b, opts)
	if err != nil {
		t.Fatal(err)
	}
	return limited
}

// hooked calls before each call of b.
func hooked(b backend.Backend, before func(*around.Call)) backend.Backend {
	return around.Wrap(b, func(c *around.Call, do func() error) error {
		before(c)
		return do()
	})
}

func put(t *testing.T, b backend.Backend, key, content string) {
	t.Helper()
	w, err := b.Create(t.Context(), key, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := w.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
}

func TestNoOptionsAreNoLimit(t *testing.T) {
	b, err := limit.Wrap(new(mem.Backend), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Delete(t.Context(), "a"); err != nil {
		t.Error(err)
	}
}
