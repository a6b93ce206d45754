package storage_test

import (
	"errors"
	"io/fs"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

// TestRoundTrips shows what resolving and loading ask of a store, and how many
// times they wait for an answer: with an answer taking a second, the seconds.
func TestRoundTrips(t *testing.T) {
	tests := []struct {
		name, pointer string
		asked         string
		waits         int
		found         bool
	}{
		{"directory", "s3://b/sp", "open sp/_metadata", 1, true},
		{"directory with a slash", "s3://b/sp/", "open sp/_metadata", 1, true},
		{"metadata file", "s3://b/sp/_metadata", "open sp/_metadata", 1, true},
		{"file of another name", "s3://b/backup.bin", "list backup.bin, open backup.bin, open backup.bin/_metadata", 2, true},
		{"directory named _metadata", "s3://b/odd/_metadata", "list odd, open odd/_metadata, open odd/_metadata/_metadata", 2, true},
		{"bucket", "s3://b", "list , open _metadata", 2, false},
		{"nothing", "s3://b/gone", "list gone, open gone, open gone/_metadata", 2, false},
		{"nothing, by name", "s3://b/gone/_metadata", "list gone, open gone/_metadata, open gone/_metadata/_metadata", 2, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newProbe(t, "sp/_metadata", "backup.bin", "odd/_metadata/_metadata", "sp/data")
			synctest.Test(t, func(t *testing.T) {
				p.latency = time.Second
				begin := time.Now()
				location, err := newStorage(t, p, nil).ResolveCheckpoint(t.Context(), test.pointer)
				if (err == nil) != test.found {
					t.Fatalf("resolved: %v", err)
				}
				if err == nil {
					_, err := location.ReadMetadata(t.Context())
					must(t, err)
					must(t, location.Close())
				}
				if waited := time.Since(begin); waited != time.Duration(test.waits)*time.Second {
					t.Errorf("waited %v for answers that take 1s, want %d of them", waited, test.waits)
				}
				if asked := p.requests(); asked != test.asked {
					t.Errorf("asked %q, want %q", asked, test.asked)
				}
			})
		})
	}
}

// A listing is for the error alone: who finds the file does not wait for it.
func TestAFoundFileDoesNotWaitForTheListing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProbe(t, "backup.bin")
		p.latency = time.Second
		slow := &slowList{p, time.Hour}
		begin := time.Now()
		location := resolve(t, storageOver(t, slow), "s3://b/backup.bin")
		if waited := time.Since(begin); waited != 2*time.Second {
			t.Errorf("waited %v", waited)
		}
		must(t, location.Close())
	})
}

// A store that says "forbidden" to the first guess costs no third round trip.
func TestForbiddenCostsNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProbe(t)
		p.latency = time.Second
		denied := &backend.Error{Backend: "s3", Op: "open", Err: fs.ErrPermission}
		p.fail["open sp/_metadata"], p.fail["open sp"] = denied, denied
		begin := time.Now()
		_, err := newStorage(t, p, nil).ResolveCheckpoint(t.Context(), "s3://b/sp")
		if waited := time.Since(begin); !errors.Is(err, fs.ErrPermission) || waited != 2*time.Second {
			t.Errorf("waited %v for %v", waited, err)
		}
	})
}
