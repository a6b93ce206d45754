package fs_test

import (
	"errors"
	iofs "io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fs"
)

func put(t *testing.T, store backend.Backend, key, content string) {
	t.Helper()
	w, err := store.Create(t.Context(), key, nil)
	must(t, err)
	defer w.Close()
	_, err = w.Write([]byte(content))
	must(t, err)
	must(t, w.Commit())
}

func stat(t *testing.T, store backend.Backend, key string) backend.Info {
	t.Helper()
	info, err := store.Stat(t.Context(), key)
	must(t, err)
	return info
}

// The same bytes, the same length, within the same tick of the clock, and often in
// the same inode: they are still told apart.
func TestVersionsDoNotRepeat(t *testing.T) {
	store := newBackend(t, t.TempDir())
	seen := map[string]bool{"": true}
	for range 200 {
		put(t, store, "object", "same")
		version := stat(t, store, "object").Version
		if seen[version] {
			t.Fatalf("version %q came again, or is none", version)
		}
		seen[version] = true
		must(t, store.Delete(t.Context(), "object"))
	}
}

func TestOpeningAVersion(t *testing.T) {
	store := newBackend(t, t.TempDir())
	put(t, store, "object", "first")
	first := stat(t, store, "object").Version
	if got := read(t, store, "object", &backend.OpenOptions{Version: first}); got != "first" {
		t.Errorf("read %q", got)
	}
	for info, err := range store.List(t.Context(), "") {
		if err != nil || info.Version != first {
			t.Errorf("List tells version %q, Stat %q (%v)", info.Version, first, err)
		}
	}
	put(t, store, "object", "other")
	if _, err := store.Open(t.Context(), "object", &backend.OpenOptions{Version: first}); !errors.Is(err, backend.ErrChanged) {
		t.Errorf("opening what was replaced gives %v, want ErrChanged", err)
	}
	must(t, store.Delete(t.Context(), "object"))
	if _, err := store.Open(t.Context(), "object", &backend.OpenOptions{Version: first}); !errors.Is(err, iofs.ErrNotExist) {
		t.Errorf("opening what was deleted gives %v, want fs.ErrNotExist", err)
	}
}

func TestCopy(t *testing.T) {
	store := newBackend(t, t.TempDir())
	content := strings.Repeat("0123456789", 20000)
	put(t, store, "from", content)
	exclusive := &backend.CreateOptions{IfAbsent: true}
	must(t, store.Copy(t.Context(), "from", "dir/to", exclusive))
	if got := read(t, store, "dir/to", nil); got != content {
		t.Errorf("the copy has %d bytes", len(got))
	}
	for from, want := range map[string]error{"from": iofs.ErrExist, "absent": iofs.ErrNotExist, "dir": iofs.ErrNotExist} {
		if err := store.Copy(t.Context(), from, "dir/to", exclusive); !errors.Is(err, want) {
			t.Errorf("copying %q gives %v, want %v", from, err, want)
		}
	}
	if err := store.Copy(t.Context(), "out/../x", "to", nil); !errors.Is(err, iofs.ErrInvalid) {
		t.Errorf("copying what is no key gives %v", err)
	}
}

func TestLocate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b")
	must(t, os.Mkdir(dir, 0o777))
	machine, err := fs.Open(t.Context(), backend.Root{Scheme: "file"})
	must(t, err)
	for _, test := range []struct {
		store backend.Backend
		key   string
	}{{newBackend(t, dir), "c%d"}, {machine, strings.TrimPrefix(dir, "/") + "/c%d"}} {
		at, err := backend.Locate(t.Context(), test.store, test.key, time.Hour)
		must(t, err)
		parsed, err := url.Parse(at.String())
		if err != nil || parsed.Scheme != "file" || parsed.Path != filepath.Join(dir, "c%d") {
			t.Errorf("%q is at %q, %v", test.key, at, err)
		}
	}
}

func TestDeleteAll(t *testing.T) {
	dir := t.TempDir()
	store := newBackend(t, dir)
	for _, key := range []string{"job/chk-1/a", "job/chk-1/b", "job/chk-2/a", "keep"} {
		put(t, store, key, key)
	}
	err := store.DeleteAll(t.Context(), []string{"job/chk-1/a", "/", "job/chk-1/b", "never/was", "job/chk-1"})
	if !errors.Is(err, iofs.ErrInvalid) || !strings.Contains(err.Error(), `"/"`) {
		t.Errorf("deleting what is no key gives %v", err)
	}
	if got := strings.Join(entries(t, filepath.Join(dir, "job")), " "); got != "chk-2" {
		t.Errorf("the job has %q, want no trace of chk-1", got)
	}
	must(t, store.DeleteAll(t.Context(), []string{"job/chk-2/a", "keep"}))
	if got := entries(t, dir); len(got) != 0 {
		t.Errorf("left are %q", got)
	}
}

// Directories that others made stay, but for the one that the object was the last
// in: the one above may be the place that somebody set aside for checkpoints.
func TestWhatOthersMadeStays(t *testing.T) {
	dir := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(dir, "base", "job", "chk-1"), 0o777))
	must(t, os.WriteFile(filepath.Join(dir, "base", "job", "chk-1", "state"), nil, 0o666))
	store := newBackend(t, dir)
	must(t, store.Delete(t.Context(), "base/job/chk-1/state"))
	if got := entries(t, filepath.Join(dir, "base", "job")); len(got) != 0 {
		t.Errorf("the checkpoint left %q", got)
	}
}

func TestLimits(t *testing.T) {
	store := newBackend(t, t.TempDir())
	longest := strings.Repeat("x", store.Limits().MaxElement)
	put(t, store, longest, "")
	_, err := store.Create(t.Context(), "dir/"+longest+"x/y", nil)
	if !errors.Is(err, syscall.ENAMETOOLONG) || !strings.Contains(err.Error(), "255 bytes") {
		t.Errorf("a name that is too long gives %v", err)
	}
	must(t, backend.Require(store, backend.ExclusiveCreate, backend.AtomicReplace, backend.ListAfterWrite,
		backend.Swapping, backend.Durability, backend.Writing))
}
