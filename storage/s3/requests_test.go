package s3_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/s3"
)

// Each verb costs what the package comment says, and opening a backend nothing.
func TestRequests(t *testing.T) {
	ctx := t.Context()
	small, large := bytes.Repeat([]byte("s"), 10), bytes.Repeat([]byte("l"), 25)
	for name, test := range map[string]struct {
		do   func(b *s3.Backend) error
		want []string
	}{
		"nothing":     {func(*s3.Backend) error { return nil }, nil},
		"open":        {func(b *s3.Backend) error { return read(ctx, b, "k", nil) }, []string{"GET k"}},
		"open range":  {func(b *s3.Backend) error { return read(ctx, b, "k", &backend.OpenOptions{Offset: 2, Length: 3}) }, []string{"GET k"}},
		"open beyond": {func(b *s3.Backend) error { return read(ctx, b, "k", &backend.OpenOptions{Offset: 99}) }, []string{"GET k", "HEAD k"}},
		"stat":        {func(b *s3.Backend) error { _, err := b.Stat(ctx, "k"); return err }, []string{"HEAD k"}},
		"delete":      {func(b *s3.Backend) error { return b.Delete(ctx, "none") }, []string{"DELETE none"}},
		"small":       {func(b *s3.Backend) error { return write(ctx, b, "n", small, nil) }, []string{"PUT n"}},
		"large": {
			func(b *s3.Backend) error { return write(ctx, b, "n", large, nil) },
			[]string{"POST n?uploads", "PUT n?partNumber=1", "PUT n?partNumber=2", "PUT n?partNumber=3", "POST n?uploadId=upload1"},
		},
		"small upload": {func(b *s3.Backend) error { return uploadBytes(ctx, b, "n", small, nil) }, []string{"PUT n"}},
		"large upload": {
			func(b *s3.Backend) error { return uploadBytes(ctx, b, "n", large, nil) },
			[]string{"POST n?uploads", "PUT n?partNumber=1", "PUT n?partNumber=2", "PUT n?partNumber=3", "POST n?uploadId=upload1"},
		},
		"begun":     {func(b *s3.Backend) error { _, err := b.Create(ctx, "n", nil); return err }, nil},
		"bad key":   {func(b *s3.Backend) error { return refused(b.Delete(ctx, "../x")) }, nil},
		"bad range": {func(b *s3.Backend) error { return refused(read(ctx, b, "k", &backend.OpenOptions{Offset: -1})) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.objects["k"] = object{data: []byte("0123456789")}
			b := f.open(s3.Options{PartSize: 10, Concurrency: 1})
			if err := test.do(b); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, f.requests()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func refused(err error) error {
	if !errors.Is(err, fs.ErrInvalid) {
		return errors.Join(errors.New("not fs.ErrInvalid"), err)
	}
	return nil
}

func read(ctx context.Context, b *s3.Backend, key string, opts *backend.OpenOptions) error {
	_, err := readAll(ctx, b, key, opts)
	return err
}

func readAll(ctx context.Context, b *s3.Backend, key string, opts *backend.OpenOptions) ([]byte, error) {
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
	for _, key := range []string{"p/a", "p/b b+", "p/c%2F\x01", "p/d/", "p/e", "q"} {
		f.objects[key] = object{}
	}
	b := f.open(s3.Options{})
	var keys []string
	for info, err := range b.List(t.Context(), "p") {
		if err != nil {
			t.Fatal(err)
		}
		if keys = append(keys, info.Key); len(keys) == 1 && len(f.requests()) != 1 {
			t.Error("the first key cost more than one page")
		}
	}
	if want := []string{"p/a", "p/b b+", "p/c%2F\x01", "p/e"}; !slices.Equal(keys, want) {
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

// What the store may do wrong in a listing is an error and not a wrong listing.
func TestListRefuses(t *testing.T) {
	const page = "<ListBucketResult><EncodingType>url</EncodingType>"
	for name, test := range map[string]struct{ answer, want string }{
		"disorder":   {page + "<Contents><Key>p/b</Key></Contents><Contents><Key>p/a</Key></Contents></ListBucketResult>", "in order"},
		"repetition": {page + "<Contents><Key>p/b</Key></Contents><Contents><Key>p/b</Key></Contents></ListBucketResult>", "in order"},
		"encoding":   {page + "<Contents><Key>p/%zz</Key></Contents></ListBucketResult>", "not well encoded"},
		"cut off":    {page + "<Contents><Key>p/b</Key>", "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.fault = func(w http.ResponseWriter, _ *http.Request, _ http.Handler) bool {
				_, _ = io.WriteString(w, test.answer)
				return true
			}
			var last error
			for _, err := range f.open(s3.Options{}).List(t.Context(), "p") {
				last = err
			}
			if last == nil || !strings.Contains(last.Error(), test.want) {
				t.Errorf("error %v does not say %q", last, test.want)
			}
		})
	}
}

// A store that hands out the same page for ever does not keep us for ever.
// A listing that never ends is no short one.
func TestListEndsWithRepeatedToken(t *testing.T) {
	f := newFake(t)
	f.fault = func(w http.ResponseWriter, _ *http.Request, _ http.Handler) bool {
		_, _ = io.WriteString(w, "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>x</NextContinuationToken></ListBucketResult>")
		return true
	}
	var last error
	for _, err := range f.open(s3.Options{}).List(t.Context(), "p") {
		last = err
	}
	check(t, last, anyError, "the same page")
	if n := len(f.requests()); n > 2 {
		t.Errorf("%d pages", n)
	}
}
