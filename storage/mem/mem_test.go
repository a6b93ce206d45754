package mem_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/url"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
)

func TestHostRefusesParameters(t *testing.T) {
	var host mem.Host
	_, err := host.Open(t.Context(), backend.Root{Scheme: "mem", Authority: "a", Params: url.Values{"size": {"hush"}}})
	if err == nil || !strings.Contains(err.Error(), "size") {
		t.Errorf("the unknown parameter is not named: %v", err)
	}
	if err != nil && strings.Contains(err.Error(), "hush") {
		t.Errorf("the value of a parameter is told, and may be a secret: %v", err)
	}
}

func TestStoresOfAHostAreApart(t *testing.T) {
	var host mem.Host
	put(t, host.Store("a"), "key", "of a")
	if _, err := host.Store("b").Stat(t.Context(), "key"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("store b has what was put into a: %v", err)
	}
	if _, err := host.Store("a").Stat(t.Context(), "key"); err != nil {
		t.Errorf("store a lost it: %v", err)
	}
}

func TestWhatCallersChangeAfterwardsIsNotStored(t *testing.T) {
	store := new(mem.Backend)
	data := []byte("before")
	w, err := store.Create(t.Context(), "key", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	copy(data, "AFTER!")
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	r, err := store.Open(t.Context(), "key", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, _ := io.ReadAll(r); string(got) != "before" {
		t.Errorf("stored %q", got)
	}
}

func TestReaderEndsWithItsContextAndWhenClosed(t *testing.T) {
	store := new(mem.Backend)
	put(t, store, "key", "content")
	ctx, cancel := context.WithCancel(t.Context())
	r, err := store.Open(ctx, "key", nil)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := io.ReadAll(r); !errors.Is(err, context.Canceled) {
		t.Errorf("reading after the context ended: %v", err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if _, err := io.ReadAll(r); err == nil {
		t.Error("reading after Close succeeds")
	}
}

func TestKeysThatAreNone(t *testing.T) {
	store := new(mem.Backend)
	for _, key := range []string{"", "/a", "a/", "a/../b", "a//b"} {
		if _, err := store.Create(t.Context(), key, nil); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("Create(%q) gives %v, want fs.ErrInvalid", key, err)
		}
	}
}

func TestErrorsNameTheStore(t *testing.T) {
	var host mem.Host
	_, err := host.Store("demo").Stat(t.Context(), "a/b")
	if want := `mem: stat "a/b" in store "demo": file does not exist`; err == nil || err.Error() != want {
		t.Errorf("error %q, want %q", err, want)
	}
}

func put(t *testing.T, store *mem.Backend, key, content string) {
	t.Helper()
	w, err := store.Create(t.Context(), key, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := io.WriteString(w, content); err != nil {
		t.Fatal(err)
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
}

// read returns the content of the version, or of any if it is empty.
func read(t *testing.T, store *mem.Backend, key, version string) string {
	t.Helper()
	r, err := store.Open(t.Context(), key, &backend.OpenOptions{Version: version})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
