package storage_test

import (
	"errors"
	"testing"

	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/mem"
)

// A sink writes where checkpoints go, too, and names its directory as they do.
func TestBackendOfAPath(t *testing.T) {
	var store mem.Backend
	s := over(t, &store)
	b, key, err := s.Backend(t.Context(), "far://b/counts/2026/")
	must(t, err)
	if b != &store || key != "counts/2026" {
		t.Errorf("%v, %q", b, key)
	}
	if _, key, err := s.Backend(t.Context(), "/tmp/counts"); key != "tmp/counts" || err != nil {
		t.Errorf("a local path is %q, %v", key, err)
	}
	for path, want := range map[string]error{"nowhere://b/x": storage.ErrUnsupportedScheme, "a:b": storage.ErrInvalidPointer} {
		if _, _, err := s.Backend(t.Context(), path); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", path, err, want)
		}
	}
}
