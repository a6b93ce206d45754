package integration_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/cairnstate/cairn/integration/servers"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/s3"
)

// What a large object is made of comes out again, in each way to read it, and a
// copy in the store is the same to a stranger.
func TestS3LargeObjects(t *testing.T) {
	m := startS3(t)
	ctx := t.Context()
	b := openS3(t, m, &s3.Options{PartSize: 5 << 20}, nil)
	data := make([]byte, 33<<20+7)
	for i := range data {
		data[i] = byte(i * i >> 11)
	}
	if err := writeObject(ctx, b, "large", data, nil); err != nil {
		t.Fatal(err)
	}
	if got, err := readObject(ctx, b, "large"); err != nil || !bytes.Equal(got, data) {
		t.Errorf("read %d bytes, %v", len(got), err)
	}
	place := make(inMemory, len(data))
	if _, err := b.Download(ctx, "large", nil, place); err != nil || !bytes.Equal(place, data) {
		t.Errorf("downloaded another object, %v", err)
	}
	for to, opts := range map[string]*backend.CreateOptions{"copy & ä": nil, "copy if absent": {IfAbsent: true}} {
		if err := b.Copy(ctx, "large", to, opts); err != nil {
			t.Fatal(err)
		}
		if got, err := m.Get(ctx, "states", to); err != nil || !bytes.Equal(got, data) {
			t.Errorf("the witness reads %d bytes of %s, %v", len(got), to, err)
		}
	}
	if err := b.Copy(ctx, "large", "copy & ä", &backend.CreateOptions{IfAbsent: true}); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second exclusive copy gives %v", err)
	}
}

type inMemory []byte

func (m inMemory) WriteAt(p []byte, at int64) (int, error) { return copy(m[at:], p), nil }

// Of two who have seen the same, one swaps; also where the content is the same.
func TestS3Swap(t *testing.T) {
	b := openS3(t, startS3(t), nil, nil)
	ctx := t.Context()
	first, err := b.Swap(ctx, "k", "", []byte("a"))
	if err != nil {
		t.Fatal(err)
	}
	second, err := b.Swap(ctx, "k", first, []byte("a"))
	if err != nil || second == first {
		t.Fatalf("Swap = %q after %q, %v", second, first, err)
	}
	for _, old := range []string{"", first} {
		if _, err := b.Swap(ctx, "k", old, []byte("b")); !errors.Is(err, backend.ErrChanged) {
			t.Errorf("Swap of %q gives %v", old, err)
		}
	}
	if _, err := b.Open(ctx, "k", &backend.OpenOptions{Version: first}); !errors.Is(err, backend.ErrChanged) {
		t.Errorf("Open of the version before gives %v", err)
	}
	if info, err := b.Stat(ctx, "k"); err != nil || info.Version != second {
		t.Errorf("Stat tells %q, %v", info.Version, err)
	}
}

// Many objects go with few requests, and a signed URL needs nothing but itself.
func TestS3BatchAndLocate(t *testing.T) {
	m := startS3(t)
	proxy := servers.StartProxy(t, m.Endpoint)
	direct := *m
	direct.Endpoint = proxy.Endpoint
	ctx := t.Context()
	b := openS3(t, &direct, nil, nil)
	keys := make([]string, 1200)
	for i := range keys {
		keys[i] = fmt.Sprintf("p/%d ä&<", i)
	}
	if err := writeObject(ctx, b, keys[0], []byte("x"), nil); err != nil {
		t.Fatal(err)
	}
	located, err := b.Locate(ctx, keys[0], time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := fetch(ctx, located); err != nil || got != "x" {
		t.Errorf("fetched %q, %v", got, err)
	}
	proxy.Expect()
	if err := b.DeleteAll(ctx, keys); err != nil {
		t.Fatal(err)
	}
	if n := len(proxy.Requests()); n != 2 {
		t.Errorf("%d requests for %d keys", n, len(keys))
	}
	if _, err := b.Stat(ctx, keys[0]); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("after deletion Stat gives %v", err)
	}
}

func fetch(ctx context.Context, from *url.URL) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, from.String(), nil)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	return string(got), err
}

// What was opened for reading reads, and lets nothing else out.
func TestS3ReadOnly(t *testing.T) {
	m := startS3(t)
	if err := m.Put(t.Context(), "states", "k", []byte("x")); err != nil {
		t.Fatal(err)
	}
	b := openS3(t, m, nil, url.Values{"read-only": {"true"}})
	if got, err := readObject(t.Context(), b, "k"); err != nil || string(got) != "x" {
		t.Errorf("read %q, %v", got, err)
	}
	if err := b.Delete(t.Context(), "k"); !errors.Is(err, backend.ErrReadOnly) {
		t.Errorf("Delete gives %v", err)
	}
	if err := backend.Require(b, backend.Writing); !errors.Is(err, backend.ErrLimited) {
		t.Errorf("Require gives %v", err)
	}
}
