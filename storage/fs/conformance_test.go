package fs_test

import (
	"strings"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fs"
	"github.com/cairnstate/cairn/storage/storagetest"
)

func TestConformanceInADirectory(t *testing.T) {
	storagetest.Run(t, func(t *testing.T) backend.Backend { return newBackend(t, t.TempDir()) })
}

// The whole machine keeps the promises of a directory; it is asked below one.
func TestConformanceOfTheWholeMachine(t *testing.T) {
	machine, err := fs.Open(t.Context(), backend.Root{Scheme: "file"})
	if err != nil {
		t.Fatal(err)
	}
	opts := &storagetest.Options{Below: strings.TrimPrefix(t.TempDir(), "/")}
	storagetest.RunWith(t, opts, func(*testing.T) backend.Backend { return machine })
}

func newBackend(t *testing.T, dir string) *fs.Backend {
	t.Helper()
	b, err := fs.New(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}
