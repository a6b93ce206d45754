package storage_test

import (
	"strings"
	"testing"

	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fs"
)

// Without OpenLocations a slip of the pen would show when a path first leads to
// the store, which may be never, or in the middle of a restore.
func TestOpenLocationsTellsMistakes(t *testing.T) {
	registry := new(backend.Registry)
	registry.Register(fs.Open, "file")
	for location, says := range map[string]string{
		"file:///data":            "",
		"file:///data?colour=red": "colour",
		"ftp://host/x?a=b":        "ftp",
	} {
		store, err := storage.New(registry, &storage.Options{Locations: []string{location}})
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		err = store.OpenLocations(t.Context())
		if (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%s: error is %v, want %q in it", location, err, says)
		}
	}
}
