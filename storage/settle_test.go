package storage_test

import (
	"context"
	"errors"
	"io/fs"
	"testing"

	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
)

// What is unknown becomes known once the store answers; until then all stays.
func TestSettling(t *testing.T) {
	for found, want := range map[string]error{"": fs.ErrNotExist, magic + "metadata": nil, "another": storage.ErrCheckpointExists} {
		t.Run(found, func(t *testing.T) {
			down := true
			store := new(distant)
			store.before = func(op, _ string) error {
				if down && (op == "commit" || op == "open") {
					return backend.ErrTransient
				}
				return nil
			}
			l := locationOf(t, access(t, store, nil), 5)
			key := jobDir + "/chk-5/state"
			store.put(t, key)
			_, err := publish(t, t.Context(), l, "metadata")
			for range 2 {
				if !errors.Is(err, storage.ErrPublicationUnknown) {
					t.Fatalf("while nobody answers: %v", err)
				}
				if err := l.DisposeOnFailure(t.Context()); !errors.Is(err, storage.ErrPublicationUnknown) {
					t.Errorf("disposed while nobody knows: %v", err)
				}
				_, err = l.SettlePublication(t.Context())
			}
			down = false
			if found != "" {
				putText(t, store, jobDir+"/chk-5/_metadata", found)
			}
			completed, err := l.SettlePublication(t.Context())
			if !errors.Is(err, want) || (completed == nil) != (want != nil) {
				t.Fatalf("settled: %v, want %v", err, want)
			}
			err = l.DisposeOnFailure(t.Context())
			if gone := len(store.keys(t)) == 0; gone != (found == "") || gone != (err == nil) {
				t.Errorf("disposed: %v, left %v", err, store.keys(t))
			}
		})
	}
}

// A context that ends while the request is under way says nothing about the request.
func TestACancelledPublicationIsUnknown(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	store := &distant{after: func(op, _ string) error {
		if op == "commit" {
			cancel()
			return ctx.Err()
		}
		return nil
	}}
	l := locationOf(t, access(t, store, nil), 5)
	_, err := publish(t, ctx, l, "metadata")
	if !errors.Is(err, storage.ErrPublicationUnknown) || !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if _, err := l.SettlePublication(t.Context()); err != nil {
		t.Errorf("settled: %v", err)
	}
}
