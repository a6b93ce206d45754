package gcs_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/gcs"
)

const chunk = 256 << 10 // the smallest there is

// Each verb costs what the package comment says, and opening a backend nothing.
func TestRequests(t *testing.T) {
	ctx := t.Context()
	for name, test := range map[string]struct {
		do   func(b *gcs.Backend) error
		want []string
	}{
		"nothing":     {func(*gcs.Backend) error { return nil }, nil},
		"open":        {func(b *gcs.Backend) error { return read(ctx, b, "k", nil) }, []string{"READ k"}},
		"open range":  {func(b *gcs.Backend) error { return read(ctx, b, "k", &backend.OpenOptions{Offset: 2, Length: 3}) }, []string{"READ k"}},
		"open beyond": {func(b *gcs.Backend) error { return read(ctx, b, "k", &backend.OpenOptions{Offset: 99}) }, []string{"READ k", "GET k"}},
		"stat":        {func(b *gcs.Backend) error { _, err := b.Stat(ctx, "k"); return err }, []string{"GET k"}},
		"delete":      {func(b *gcs.Backend) error { return b.Delete(ctx, "none") }, []string{"DELETE none"}},
		"empty":       {func(b *gcs.Backend) error { return write(ctx, b, "n", nil, nil) }, []string{"POST multipart"}},
		"one chunk":   {func(b *gcs.Backend) error { return write(ctx, b, "n", make([]byte, chunk), nil) }, []string{"POST multipart"}},
		"two chunks": {
			func(b *gcs.Backend) error { return write(ctx, b, "n", make([]byte, chunk+1), nil) },
			[]string{"POST resumable", "CHUNK bytes 0-262143/*", "CHUNK bytes 262144-262144/262145"},
		},
		"begun":     {func(b *gcs.Backend) error { return begin(ctx, b) }, nil},
		"bad key":   {func(b *gcs.Backend) error { return refused(b.Delete(ctx, "../x")) }, nil},
		"bad range": {func(b *gcs.Backend) error { return refused(read(ctx, b, "k", &backend.OpenOptions{Offset: -1})) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.objects["k"] = object{data: []byte("0123456789")}
			if err := test.do(f.open(&gcs.Options{ChunkSize: chunk})); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, f.requests()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func begin(ctx context.Context, b *gcs.Backend) error {
	w, err := b.Create(ctx, "n", nil)
	if err != nil {
		return err
	}
	return w.Close()
}

func refused(err error) error {
	if !errors.Is(err, fs.ErrInvalid) {
		return errors.Join(errors.New("not fs.ErrInvalid"), err)
	}
	return nil
}

func read(ctx context.Context, b *gcs.Backend, key string, opts *backend.OpenOptions) error {
	_, err := readAll(ctx, b, key, opts)
	return err
}

func readAll(ctx context.Context, b *gcs.Backend, key string, opts *backend.OpenOptions) ([]byte, error) {
	r, err := b.Open(ctx, key, opts)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// A listing turns its pages as it is read, and stops when the reader does.
func TestListTurnsPagesLazily(t *testing.T) {
	f := newFake(t)
	f.page = 2
	for _, key := range []string{"p/a", "p/b b+", "p/c%2F", "p/d/", "p/e", "q"} {
		f.objects[key] = object{}
	}
	b := f.open(nil)
	var keys []string
	for info, err := range b.List(t.Context(), "p") {
		if err != nil {
			t.Fatal(err)
		}
		if keys = append(keys, info.Key); len(keys) == 1 && len(f.requests()) != 1 {
			t.Error("the first key cost more than one page")
		}
	}
	if want := []string{"p/a", "p/b b+", "p/c%2F", "p/e"}; !slices.Equal(keys, want) {
		t.Errorf("listed %q, want %q", keys, want)
	}
	f.requests()
	for range b.List(t.Context(), "p") {
		break
	}
	if n := len(f.requests()); n != 1 {
		t.Errorf("a reader that stopped at once cost %d pages", n)
	}
}

// What is written arrives, whatever its size.
func TestSizes(t *testing.T) {
	for _, size := range []int{0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk, 2*chunk + 1} {
		f := newFake(t)
		data := bytes.Repeat([]byte{7}, size)
		if err := write(t.Context(), f.open(&gcs.Options{ChunkSize: 1}), "k", data, nil); err != nil {
			t.Fatalf("%d bytes: %v", size, err)
		}
		if got := f.objects["k"].data; !bytes.Equal(got, data) {
			t.Errorf("of %d bytes %d arrived", size, len(got))
		}
	}
}
