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
	for _, check := range storagetest.Checks() {
		t.Run(check.Name, func(t *testing.T) {
			if err := check.Verify(t.Context(), machine, strings.TrimPrefix(t.TempDir(), "/")); err != nil {
				t.Error(err)
			}
		})
	}
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
