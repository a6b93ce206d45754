package storage_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
)

func TestPublishing(t *testing.T) {
	store := new(distant)
	l := locationOf(t, access(t, store, nil), 5)
	completed, err := publish(t, t.Context(), l, "metadata")
	must(t, err)
	if asked := fmt.Sprint(store.requests()); asked != "[commit "+jobDir+"/chk-5/_metadata]" {
		t.Errorf("asked %s", asked)
	}
	if got := completed.ExternalPointer() + " " + completed.MetadataPath(); got != "far://b/"+jobDir+"/chk-5 "+l.MetadataPath() {
		t.Errorf("completed %s", got)
	}
	data, err := completed.ReadMetadata(t.Context())
	if string(data) != magic+"metadata" || err != nil {
		t.Errorf("read %q, %v", data, err)
	}
	if again, err := l.SettlePublication(t.Context()); err != nil || again.ExternalPointer() != completed.ExternalPointer() {
		t.Errorf("settling what is known: %v", err)
	}
	if err := l.DisposeOnFailure(t.Context()); !errors.Is(err, storage.ErrCheckpointExists) || !strings.Contains(err.Error(), "DisposeStorageLocation") {
		t.Errorf("giving up what is complete: %v", err)
	}
}

func TestOneOfManyCompletesACheckpoint(t *testing.T) {
	store := new(distant)
	var won, lost int
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			l := locationOf(t, access(t, store, nil), 5)
			_, err := publish(t, t.Context(), l, fmt.Sprint("metadata of ", i))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won++
			case errors.Is(err, storage.ErrCheckpointExists) && errors.Is(err, fs.ErrExist) && strings.Contains(err.Error(), "take a higher checkpoint id"):
				lost++
			default:
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	all.Wait()
	if won != 1 || lost != 15 {
		t.Errorf("%d won, %d lost", won, lost)
	}
}

// Whoever loses must not take the winner's files away.
func TestALoserDisposesOfNothing(t *testing.T) {
	store := new(distant)
	winner, loser := locationOf(t, access(t, store, nil), 5), locationOf(t, access(t, store, nil), 5)
	write(t, winner.CreateCheckpointStateOutputStream(t.Context(), storage.ExclusiveState), large)
	own := write(t, loser.CreateCheckpointStateOutputStream(t.Context(), storage.ExclusiveState), large)
	_, err := publish(t, t.Context(), winner, "the winner's")
	must(t, err)
	_, err = publish(t, t.Context(), loser, "the loser's")
	if !errors.Is(err, storage.ErrCheckpointExists) {
		t.Errorf("published: %v", err)
	}
	if err := loser.DisposeOnFailure(t.Context()); !errors.Is(err, storage.ErrCheckpointExists) {
		t.Errorf("disposed: %v", err)
	}
	if n := len(store.keys(t)); n != 3 {
		t.Errorf("%d files are left", n)
	}
	must(t, loser.DiscardStates(t.Context(), []checkpoint.StreamStateHandle{own}))
	if n := len(store.keys(t)); n != 2 {
		t.Errorf("%d files are left", n)
	}
}

// TestALocalNoIsBelieved holds that a full or forbidden disk leaves no doubt behind:
// there nobody repeats a request whose answer was lost.
func TestALocalNoIsBelieved(t *testing.T) {
	for _, no := range []error{fs.ErrPermission, syscall.ENOSPC} {
		store := new(distant)
		store.before = func(op, _ string) error {
			if op == "commit" {
				return no
			}
			return nil
		}
		var registry backend.Registry
		registry.Register(func(context.Context, backend.Root) (backend.Backend, error) { return store, nil }, "file")
		s, err := storage.New(&registry, nil)
		must(t, err)
		t.Cleanup(func() { s.Close() })
		a, err := s.CreateCheckpointStorage(t.Context(), job(), "file:///ck", &storage.AccessOptions{AllowVolatile: true})
		must(t, err)
		l := locationOf(t, a, 5)
		if _, err := publish(t, t.Context(), l, "metadata"); !errors.Is(err, no) || errors.Is(err, storage.ErrPublicationUnknown) {
			t.Errorf("%v gives %v", no, err)
		}
		must(t, l.DisposeOnFailure(t.Context()))
	}
}

// TestHowAPublicationEnds is every way in which a Commit fails, times every thing
// that reading back can find.
func TestHowAPublicationEnds(t *testing.T) {
	errs := map[string]error{"lost": backend.ErrTransient, "broken": errBroken, "forbidden": fs.ErrPermission, "throttled": backend.ErrThrottled, "unsent": backend.ErrReadOnly, "exists": fs.ErrExist}
	tests := map[string]map[string]error{ // what is found, how the Commit failed
		"nothing":   {"lost": storage.ErrPublicationUnknown, "broken": storage.ErrPublicationUnknown, "forbidden": storage.ErrPublicationUnknown, "unsent": backend.ErrReadOnly, "throttled": storage.ErrPublicationUnknown, "exists": storage.ErrCheckpointExists},
		"ours":      {"lost": nil, "broken": nil, "forbidden": nil, "throttled": nil, "exists": storage.ErrCheckpointExists},
		"another":   {"lost": storage.ErrCheckpointExists, "broken": storage.ErrCheckpointExists, "forbidden": storage.ErrCheckpointExists, "throttled": storage.ErrCheckpointExists, "exists": storage.ErrCheckpointExists},
		"longer":    {"lost": storage.ErrCheckpointExists},
		"no answer": {"lost": storage.ErrPublicationUnknown, "broken": storage.ErrPublicationUnknown, "forbidden": storage.ErrPublicationUnknown, "throttled": storage.ErrPublicationUnknown, "exists": storage.ErrCheckpointExists},
	}
	contents := map[string]string{"ours": magic + "metadata", "another": magic + "METADATA", "longer": magic + "metadata!"}
	for found, row := range tests {
		for how, want := range row {
			t.Run(found+"/"+how, func(t *testing.T) {
				store := new(distant)
				store.before = func(op, key string) error {
					switch {
					case op == "commit" && contents[found] != "":
						putText(t, store, key, contents[found])
						return errs[how]
					case op == "commit":
						return errs[how]
					case op == "open" && found == "no answer":
						return backend.ErrTransient
					}
					return nil
				}
				l := locationOf(t, access(t, store, nil), 5)
				_, err := publish(t, t.Context(), l, "metadata")
				if !errors.Is(err, want) || want == nil && err != nil {
					t.Fatalf("%v, want %v", err, want)
				}
				if want != nil && !errors.Is(err, errs[how]) {
					t.Errorf("%v does not tell what the store said", err)
				}
				unknown := errors.Is(want, storage.ErrPublicationUnknown)
				for name, err := range map[string]error{
					"dispose": l.DisposeOnFailure(t.Context()),
					"discard": l.DiscardStates(t.Context(), []checkpoint.StreamStateHandle{relative("x", 1)}),
				} {
					if unknown != errors.Is(err, storage.ErrPublicationUnknown) {
						t.Errorf("%s: %v", name, err)
					}
				}
			})
		}
	}
}

func putText(t *testing.T, store *distant, key, text string) {
	t.Helper()
	w, err := store.Backend.Create(context.Background(), key, nil)
	must(t, err)
	_, err = w.Write([]byte(text))
	must(t, err)
	must(t, w.Commit())
}

func TestAbandonedMetadataLeavesNothing(t *testing.T) {
	store := &distant{before: func(op, _ string) error {
		if op == "write" {
			return errBroken
		}
		return nil
	}}
	l := locationOf(t, access(t, store, nil), 5)
	s, err := l.CreateMetadataOutputStream(t.Context())
	must(t, err)
	for range 2 { // what is broken stays so
		if _, err := s.Write([]byte("x")); !errors.Is(err, errBroken) {
			t.Errorf("wrote: %v", err)
		}
	}
	if _, err := s.CloseAndFinalizeCheckpoint(); !errors.Is(err, errBroken) {
		t.Errorf("a broken stream was published: %v", err)
	}
	must(t, s.Close())
	must(t, s.Close())
	if _, err := s.CloseAndFinalizeCheckpoint(); !errors.Is(err, fs.ErrClosed) && !errors.Is(err, errBroken) {
		t.Errorf("published after close: %v", err)
	}
	if keys := store.keys(t); len(keys) > 0 {
		t.Errorf("left %v", keys)
	}
	must(t, l.DisposeOnFailure(t.Context()))
	if _, err := l.SettlePublication(t.Context()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("settled what was never published: %v", err)
	}
}

// TestWhatIsNoMetadataIsNotPublished: its writer failed, and nobody looked. The place
// is not taken by it.
func TestWhatIsNoMetadataIsNotPublished(t *testing.T) {
	for name, pieces := range map[string][]string{
		"nothing": nil, "no bytes": {""}, "something else": {"not metadata"}, "cut off": {magic[:3]},
		"late": {"x" + magic}, "cut off in pieces": {magic[:1], magic[1:2]},
	} {
		t.Run(name, func(t *testing.T) {
			var store distant
			l := locationOf(t, access(t, &store, nil), 5)
			s, err := l.CreateMetadataOutputStream(t.Context())
			must(t, err)
			for _, piece := range pieces {
				_, err := s.Write([]byte(piece))
				must(t, err)
			}
			at, err := s.CloseAndFinalizeCheckpoint()
			if at != nil || !errors.Is(err, storage.ErrNotMetadata) || !strings.Contains(err.Error(), "metadata.Write") {
				t.Errorf("published %v, %v", at, err)
			}
			must(t, s.Close())
			if keys := store.keys(t); len(keys) > 0 {
				t.Errorf("left %v", keys)
			}
			at, err = publish(t, t.Context(), l, "")
			must(t, err)
			must(t, at.Close())
		})
	}
	var store distant
	s, err := locationOf(t, access(t, &store, nil), 5).CreateMetadataOutputStream(t.Context())
	must(t, err)
	for i := range magic {
		_, err := s.Write([]byte(magic[i : i+1]))
		must(t, err)
	}
	_, err = s.CloseAndFinalizeCheckpoint()
	must(t, err)
}
