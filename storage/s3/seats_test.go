package s3_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/s3"
)

// A program may open many more objects than there are connections, and read them
// in any order: a reader at rest gives its connection up and goes on later. No
// more bodies are open at any time than there may be connections.
func TestManyReaders(t *testing.T) {
	const many = 40
	f := newFake(t)
	data := random(3000)
	f.objects["k"] = object{data: data}
	b := f.open(s3.Options{Connections: 8})
	readers := make([]backend.Reader, many)
	for i := range readers {
		r, err := b.Open(t.Context(), "k", nil)
		check(t, err, nil, "")
		defer r.Close()
		_, err = io.ReadFull(r, make([]byte, 1000*(i%2))) // or not at all
		check(t, err, nil, "")
		readers[i] = r
	}
	for i, r := range slices.Backward(readers) {
		rest, err := io.ReadAll(r)
		if err != nil || !slices.Equal(rest, data[1000*(i%2):]) {
			t.Errorf("%d bytes, %v", len(rest), err)
		}
	}
	if n := len(f.requests()); n < many || n > 2*many {
		t.Errorf("%d requests of %d readers", n, many)
	}
}

// Who waits for a connection gives up with its context.
func TestWaitingReaderIsCancelled(t *testing.T) {
	f := newFake(t)
	f.objects["k"] = object{data: random(1000)}
	b := f.open(s3.Options{Connections: 1})
	first, err := b.Open(t.Context(), "k", nil)
	check(t, err, nil, "")
	defer first.Close()
	ctx, cancel := context.WithCancelCause(t.Context())
	mine := errors.New("mine")
	cancelled := make(chan error)
	go func() {
		_, err := b.Open(ctx, "k", nil)
		cancelled <- err
	}()
	cancel(mine)
	check(t, <-cancelled, mine, "mine")
}

// A request that fails leaves its connection to others.
func TestFailedOpenLeavesNothing(t *testing.T) {
	f := newFake(t)
	f.objects["k"] = object{data: random(10)}
	b := f.open(s3.Options{Connections: 1})
	for range 3 {
		_, err := b.Open(t.Context(), "none", nil)
		check(t, err, anyError, "no such object")
		r, err := b.Open(t.Context(), "k", &backend.OpenOptions{Offset: 99})
		check(t, err, nil, "")
		check(t, r.Close(), nil, "")
	}
	f.fault = func(w http.ResponseWriter, r *http.Request, serve http.Handler) bool {
		return r.Header.Get("Range") == "" && breaking(3)(w, r, serve)
	}
	for range 3 {
		if _, err := readAll(t.Context(), b, "k", nil); err != nil {
			t.Fatal(err)
		}
	}
}
