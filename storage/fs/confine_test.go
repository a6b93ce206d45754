package fs_test

import (
	"errors"
	"io"
	iofs "io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fs"
)

// disk is a directory with a secret beside it, and links of all kinds:
//
//	secret
//	root/plain
//	root/inside   -> plain
//	root/out      -> ../secret
//	root/absolute -> /…/secret
//	root/up       -> ..
//	root/job/data
//	root/job/aside -> ../plain
func disk(t *testing.T) (root string) {
	t.Helper()
	top := t.TempDir()
	root = filepath.Join(top, "root")
	must(t, os.MkdirAll(filepath.Join(root, "job"), 0o777))
	must(t, os.WriteFile(filepath.Join(top, "secret"), []byte("secret"), 0o666))
	must(t, os.WriteFile(filepath.Join(root, "plain"), []byte("plain"), 0o666))
	must(t, os.WriteFile(filepath.Join(root, "job", "data"), []byte("data"), 0o666))
	for name, target := range map[string]string{
		"inside": "plain", "out": "../secret", "absolute": filepath.Join(top, "secret"), "up": "..", "job/aside": "../plain",
	} {
		must(t, os.Symlink(target, filepath.Join(root, name)))
	}
	return root
}

func TestNoLinkLeadsOutOfTheRoot(t *testing.T) {
	store := newBackend(t, disk(t))
	for _, key := range []string{"out", "absolute", "up/secret"} {
		_, opened := store.Open(t.Context(), key, nil)
		_, stated := store.Stat(t.Context(), key)
		for verb, err := range map[string]error{"Open": opened, "Stat": stated} {
			if !errors.Is(err, backend.ErrEscapes) {
				t.Errorf("%s(%q) = %v, want ErrEscapes", verb, key, err)
			}
		}
	}
	if _, err := store.Create(t.Context(), "up/new", nil); !errors.Is(err, backend.ErrEscapes) {
		t.Errorf("Create through a link: %v, want ErrEscapes", err)
	}
	if err := store.Delete(t.Context(), "up/secret"); !errors.Is(err, backend.ErrEscapes) {
		t.Errorf("Delete through a link: %v, want ErrEscapes", err)
	}
	if got := read(t, store, "inside", nil); got != "plain" {
		t.Errorf("a link inside reads %q", got)
	}
}

func TestListShowsWhatOpenOpens(t *testing.T) {
	store := newBackend(t, disk(t))
	var keys []string
	for info, err := range store.List(t.Context(), "") {
		must(t, err)
		keys = append(keys, info.Key)
		read(t, store, info.Key, nil)
	}
	if got, want := strings.Join(keys, " "), "inside job/aside job/data plain"; got != want {
		t.Errorf("listed %q, want %q", got, want)
	}
}

func TestWithinHoldsBack(t *testing.T) {
	root := disk(t)
	machine, err := fs.Open(t.Context(), backend.Root{Scheme: "file"})
	must(t, err)
	key := func(name string) string { return strings.TrimPrefix(root, "/") + "/" + name }
	tests := []struct {
		name, within, want string
		err                error
	}{
		{"job/data", "job", "data", nil},
		{"job/aside", "", "plain", nil},
		{"job/aside", "job", "", backend.ErrEscapes},
		{"out", "", "", backend.ErrEscapes},
		{"absolute", "", "", backend.ErrEscapes},
		{"plain", "job", "", iofs.ErrInvalid},
		{"absent", "", "", iofs.ErrNotExist},
	}
	for _, test := range tests {
		opts := &backend.OpenOptions{Within: strings.TrimSuffix(key(test.within), "/")}
		r, err := machine.Open(t.Context(), key(test.name), opts)
		if !errors.Is(err, test.err) {
			t.Errorf("%s within %q: %v, want %v", test.name, test.within, err, test.err)
		}
		if err == nil {
			if got, _ := io.ReadAll(r); string(got) != test.want {
				t.Errorf("%s within %q holds %q, want %q", test.name, test.within, got, test.want)
			}
			must(t, r.Close())
		}
	}
	if got := read(t, machine, key("absolute"), nil); got != "secret" {
		t.Errorf("without Within a link is followed, but %q was read", got)
	}
}

func TestWhatIsNoFileIsNotOpened(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o666); err != nil {
		t.Fatal(err)
	}
	store := newBackend(t, dir)
	// Opening a pipe that nobody writes to would wait for ever.
	if _, err := store.Open(t.Context(), "pipe", nil); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("Open of a pipe: %v", err)
	}
	if _, err := store.Stat(t.Context(), "pipe"); err == nil {
		t.Error("Stat of a pipe succeeds")
	}
	for range store.List(t.Context(), "") {
		t.Error("List shows a pipe")
	}
}

func TestADirectorySaysThatItIsOne(t *testing.T) {
	store := newBackend(t, disk(t))
	_, err := store.Open(t.Context(), "job", nil)
	if !errors.Is(err, iofs.ErrNotExist) || !errors.Is(err, syscall.EISDIR) {
		t.Errorf("%v is not both: no object, and a directory", err)
	}
	if want := "is a directory"; err != nil && !strings.Contains(err.Error(), want) {
		t.Errorf("%v does not say %q", err, want)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, store backend.Backend, key string, opts *backend.OpenOptions) string {
	t.Helper()
	r, err := store.Open(t.Context(), key, opts)
	must(t, err)
	defer r.Close()
	data, err := io.ReadAll(r)
	must(t, err)
	return string(data)
}
