package fs_test

import (
	"errors"
	iofs "io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fs"
)

func TestOpenRefusesHostsAndParameters(t *testing.T) {
	for name, root := range map[string]backend.Root{
		"host":      {Scheme: "file", Authority: "tmp"},
		"parameter": {Scheme: "file", Params: url.Values{"sync": {"hush"}}},
		"no switch": {Scheme: "file", Params: url.Values{"read-only": {"hush"}}},
	} {
		_, err := fs.Open(t.Context(), root)
		if err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// entries returns the names in a directory, temporary ones too.
func entries(t *testing.T, dir string) []string {
	t.Helper()
	list, err := os.ReadDir(dir)
	must(t, err)
	var names []string
	for _, entry := range list {
		names = append(names, entry.Name())
	}
	return names
}

func TestNoTemporaryFileIsLeft(t *testing.T) {
	endings := map[string]func(backend.Writer) error{
		"commit":  backend.Writer.Commit,
		"abandon": backend.Writer.Close,
		"lose":    func(w backend.Writer) error { return errors.Join(w.Commit(), w.Close()) },
	}
	for name, end := range endings {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			store := newBackend(t, dir)
			must(t, os.WriteFile(filepath.Join(dir, "taken"), nil, 0o666))
			w, err := store.Create(t.Context(), "taken", &backend.CreateOptions{IfAbsent: name == "lose"})
			must(t, err)
			if got := entries(t, dir); len(got) != 2 {
				t.Fatalf("while writing there are %q, want the object and a temporary file", got)
			}
			if err := end(w); (err != nil) != (name == "lose") {
				t.Errorf("ending: %v", err)
			}
			if got := entries(t, dir); len(got) != 1 {
				t.Errorf("left behind: %q", got)
			}
		})
	}
}

// A process that is killed leaves its temporary file. No verb shows it, or takes
// its name for a key.
func TestTemporaryFilesAreHidden(t *testing.T) {
	dir := t.TempDir()
	const left = ".cairn-0123456789abcdef01234567.tmp"
	must(t, os.WriteFile(filepath.Join(dir, left), []byte("half"), 0o666))
	store := newBackend(t, dir)
	for info := range store.List(t.Context(), "") {
		t.Errorf("List shows %q", info.Key)
	}
	if _, err := store.Open(t.Context(), left, nil); !errors.Is(err, iofs.ErrInvalid) {
		t.Errorf("Open: %v, want fs.ErrInvalid", err)
	}
	if _, err := store.Create(t.Context(), left, nil); !errors.Is(err, iofs.ErrInvalid) {
		t.Errorf("Create: %v, want fs.ErrInvalid", err)
	}
}

func TestFilesAreReadableByWhomTheUmaskSays(t *testing.T) {
	dir := t.TempDir()
	store := newBackend(t, dir)
	w, err := store.Create(t.Context(), "object", nil)
	must(t, err)
	defer w.Close()
	must(t, w.Commit())
	must(t, os.WriteFile(filepath.Join(dir, "reference"), nil, 0o666))
	got, err := os.Stat(filepath.Join(dir, "object"))
	must(t, err)
	want, err := os.Stat(filepath.Join(dir, "reference"))
	must(t, err)
	if got.Mode() != want.Mode() {
		t.Errorf("mode %v, want %v as any new file here", got.Mode(), want.Mode())
	}
}

func TestDeleteKeepsDirectories(t *testing.T) {
	dir := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(dir, "empty"), 0o777))
	store := newBackend(t, dir)
	must(t, store.Delete(t.Context(), "empty"))
	if _, err := os.Stat(filepath.Join(dir, "empty")); err != nil {
		t.Errorf("Delete removed a directory: %v", err)
	}
}

func TestNamesNeedNotBeUTF8(t *testing.T) {
	store := newBackend(t, t.TempDir())
	const key = "bytes \xff\xfe/\x01"
	w, err := store.Create(t.Context(), key, nil)
	must(t, err)
	defer w.Close()
	must(t, w.Commit())
	for info, err := range store.List(t.Context(), "") {
		must(t, err)
		if info.Key != key {
			t.Errorf("listed %q, want %q", info.Key, key)
		}
	}
}

func TestFailuresToMakeDirectoriesAreTold(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o666))
	store := newBackend(t, dir)
	_, err := store.Create(t.Context(), "file/below/object", nil)
	if err == nil || errors.Is(err, iofs.ErrNotExist) {
		t.Errorf("creating below a file: %v, want an error that is not fs.ErrNotExist", err)
	}
	if _, err := fs.New(filepath.Join(dir, "absent")); !errors.Is(err, iofs.ErrNotExist) {
		t.Errorf("a root that is not there: %v", err)
	}
}

// An error names the file as one would look for it, whatever the backend is rooted in.
func TestErrorsNameTheWholePath(t *testing.T) {
	dir := t.TempDir()
	machine, err := fs.Open(t.Context(), backend.Root{Scheme: "file"})
	if err != nil {
		t.Fatal(err)
	}
	_, below := newBackend(t, dir).Stat(t.Context(), "chk-1/_metadata")
	_, whole := machine.Stat(t.Context(), strings.TrimPrefix(dir, "/")+"/chk-1/_metadata")
	for _, err := range []error{below, whole} {
		if want := `file: stat "` + dir + `/chk-1/_metadata": no such file`; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
