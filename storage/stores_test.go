package storage_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"

	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
)

func TestABackendIsOpenedOnceAndLate(t *testing.T) {
	p := newProbe(t, "sp/_metadata")
	s := newStorage(t, p, &storage.Options{Locations: []string{"s3a://bucket/sp?region=r&pathStyle=true", "s3://unused?region=x"}})
	if len(p.roots) != 0 {
		t.Errorf("New opened %v", p.roots)
	}
	var done sync.WaitGroup
	for _, scheme := range []string{"s3", "s3a", "s3n", "s3p"} {
		done.Go(func() {
			location, err := s.ResolveCheckpoint(t.Context(), scheme+"://bucket/sp")
			if err != nil {
				t.Error(err)
				return
			}
			_ = location.Close()
		})
	}
	done.Wait()
	if len(p.roots) != 1 || p.roots[0].String() != "s3://bucket" || p.roots[0].Params.Encode() != "pathStyle=true&region=r" {
		t.Errorf("opened %+v, want the bucket once under its first scheme, as configured", p.roots)
	}
	resolve(t, s, "s3://other/sp")
	if len(p.roots) != 2 || len(p.roots[1].Params) != 0 {
		t.Errorf("another bucket was opened with %v: what is configured for one holds for no other", p.roots[1:])
	}
	must(t, s.Close())
	if p.shut != 2 {
		t.Errorf("closed %d of 2 backends", p.shut)
	}
	if _, err := s.ResolveCheckpoint(t.Context(), "s3://bucket/sp"); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("a closed storage resolves: %v", err)
	}
}

func TestAFailedOpeningIsTriedAgain(t *testing.T) {
	p := newProbe(t, "sp/_metadata")
	p.fail["opener"] = errors.New("no credentials yet")
	s := newStorage(t, p, nil)
	if _, err := s.ResolveCheckpoint(t.Context(), "s3://bucket/sp"); err == nil || !strings.Contains(err.Error(), "no credentials yet") {
		t.Fatalf("%v", err)
	}
	delete(p.fail, "opener")
	resolve(t, s, "s3://bucket/sp")
}

// One that waits for another's opening waits no longer than its own context.
func TestWaitingForAnOpeningEnds(t *testing.T) {
	opening, finish := make(chan struct{}), make(chan struct{})
	var registry backend.Registry
	registry.Register(func(context.Context, backend.Root) (backend.Backend, error) {
		close(opening)
		<-finish
		return nil, errors.New("gave up")
	}, "s3")
	s, err := storage.New(&registry, nil)
	must(t, err)
	var first sync.WaitGroup
	first.Go(func() { _, _ = s.ResolveCheckpoint(t.Context(), "s3://bucket/sp") })
	<-opening
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.ResolveCheckpoint(ctx, "s3://bucket/sp"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	close(finish)
	first.Wait()
}

func TestMistakesInOptions(t *testing.T) {
	tests := []struct {
		name string
		opts storage.Options
		says string
	}{
		{"location is no path", storage.Options{Locations: []string{"a:b"}}, `location "a:b"`},
		{"location has a bad query", storage.Options{Locations: []string{"s3://b?secretKey=%HUSH"}}, `location "s3://b"`},
		{"location with a password", storage.Options{Locations: []string{"s3:x://K:HUSH@b"}}, "location"},
		{"two configurations", storage.Options{Locations: []string{"s3://b/x?secretKey=HUSH", "s3a://b/y?secretKey=HUSH2"}}, "s3://b is configured twice"},
		{"relocate from nothing", storage.Options{Relocate: []storage.Relocation{{To: "s3://b"}}}, "relocate from"},
		{"relocate to nothing", storage.Options{Relocate: []storage.Relocation{{From: "s3://b"}}}, "relocate to"},
		{"default scheme with a path", storage.Options{DefaultScheme: "s3://b/x"}, "has a path"},
		{"default scheme is none", storage.Options{DefaultScheme: "s_3"}, "default scheme"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var registry backend.Registry
			registry.Register(newProbe(t).opener, "s3", "s3a")
			_, err := storage.New(&registry, &test.opts)
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("%v does not say %q", err, test.says)
			}
			if err != nil && strings.Contains(err.Error(), "HU") {
				t.Errorf("tells a secret: %v", err)
			}
		})
	}
}

// TestNoRegistry is a mistake that is told at once and not by a panic at the first use.
func TestNoRegistry(t *testing.T) {
	if s, err := storage.New(nil, nil); s != nil || err == nil || !strings.Contains(err.Error(), "registry.Register(fs.Open") {
		t.Errorf("%v, %v", s, err)
	}
}

func TestSeveralLocationsOfOneStore(t *testing.T) {
	_, err := storage.New(new(backend.Registry), &storage.Options{Locations: []string{"s3://b/x?region=r", "s3://b/y", "s3://b/z?region=r"}})
	must(t, err)
}

func TestAStorageDoesNotPrintItsParameters(t *testing.T) {
	s := newStorage(t, newProbe(t), &storage.Options{Locations: []string{"s3://K:HUSH@b/x?secretKey=HUSH"}})
	for _, format := range []string{"%v", "%+v", "%s"} {
		if text := fmt.Sprintf(format, s); strings.Contains(text, "HUSH") || !strings.Contains(text, "s3://K:…@b/x") {
			t.Errorf("%s prints %q", format, text)
		}
	}
}
