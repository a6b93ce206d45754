package retry_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/retry"
)

// torn is a store whose listings break off: each after as many elements as breaks says.
// The 201st does not: a test of one who never gives up fails, and does not hang.
type torn struct {
	backend.Backend
	tries  int
	breaks func(try int) int
}

func (s *torn) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		s.tries++
		left := s.breaks(s.tries)
		for info, err := range s.Backend.List(ctx, prefix) {
			if left--; left < 0 && s.tries <= 200 {
				yield(backend.Info{}, &backend.Error{Backend: "torn", Op: "list", Key: prefix, Err: backend.ErrTransient})
				return
			}
			if !yield(info, err) {
				return
			}
		}
	}
}

func tornStore(t *testing.T, keys []string, breaks func(try int) int) *torn {
	t.Helper()
	store := &torn{Backend: new(mem.Backend), breaks: breaks}
	for _, key := range keys {
		if err := write(t.Context(), store, key, nil, ""); err != nil {
			t.Fatal(err)
		}
	}
	return store
}

func numbered(n int) []string {
	keys := make([]string, n)
	for i := range keys {
		keys[i] = fmt.Sprintf("dir/%04d", i)
	}
	return keys
}

func listed(ctx context.Context, b backend.Backend) (keys []string, err error) {
	for info, err := range b.List(ctx, "dir") {
		if err != nil {
			return keys, err
		}
		keys = append(keys, info.Key)
	}
	return keys, nil
}

// However often a listing breaks off, it comes to its end if each try comes one element
// farther, and tells each of them once.
func TestAListingThatComesFartherEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		keys := numbered(100)
		store := tornStore(t, keys, func(try int) int { return try })
		got, err := listed(t.Context(), retry.Wrap(store, &retry.Options{Attempts: 2}))
		if err != nil || !slices.Equal(got, keys) {
			t.Errorf("after %d tries: %q, %v", store.tries, got, err)
		}
		if store.tries != len(keys) {
			t.Errorf("%d tries for %d elements, of which each try tells one more", store.tries, len(keys))
		}
	})
}

// What always breaks off at the same place, or sooner, is tried four times.
func TestAListingThatComesNoFartherIsGivenUp(t *testing.T) {
	for name, breaks := range map[string]func(try int) int{
		"always there": func(int) int { return 900 },
		"and sooner":   func(try int) int { return 900 / try },
	} {
		synctest.Test(t, func(t *testing.T) {
			keys := numbered(1000)
			store := tornStore(t, keys, breaks)
			got, err := listed(t.Context(), retry.Wrap(store, nil))
			if !errors.Is(err, backend.ErrTransient) || !strings.HasSuffix(err.Error(), "(tried 4 times)") {
				t.Errorf("%s: the error is %v", name, err)
			}
			if !slices.Equal(got, keys[:900]) || store.tries != 4 {
				t.Errorf("%s: %d elements after %d tries", name, len(got), store.tries)
			}
		})
	}
}

// Between two tries the last element goes, one comes before it and one behind it.
func TestAListingGoesOnAmongChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := tornStore(t, []string{"dir/b", "dir/d", "dir/f"}, nil)
		store.breaks = func(try int) int {
			if try > 1 {
				return 10
			}
			return 2
		}
		var got []string
		for info, err := range retry.Wrap(store, nil).List(t.Context(), "dir") {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, info.Key)
			if info.Key == "dir/d" {
				change(t, store)
			}
		}
		if want := []string{"dir/b", "dir/d", "dir/e", "dir/f"}; !slices.Equal(got, want) || store.tries != 2 {
			t.Errorf("listed %q in %d tries, want %q in two", got, store.tries, want)
		}
	})
}

func change(t *testing.T, store backend.Backend) {
	t.Helper()
	err := errors.Join(store.Delete(t.Context(), "dir/d"),
		write(t.Context(), store, "dir/a", nil, ""), write(t.Context(), store, "dir/e", nil, ""))
	if err != nil {
		t.Fatal(err)
	}
}

// circle lists its keys again and again, a hundred times.
type circle struct {
	backend.Backend
	keys []string
}

func (c circle) List(context.Context, string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		for i := range 100 * len(c.keys) {
			if !yield(backend.Info{Key: c.keys[i%len(c.keys)]}, nil) {
				return
			}
		}
	}
}

// Going on trusts in the order of keys: without it elements would be left out in
// silence, and a circle of pages would never end.
func TestAListingWithoutOrderIsRefused(t *testing.T) {
	for _, keys := range [][]string{{"a", "c", "b"}, {"a", "b", "c"}, {"a"}} {
		var err error
		for _, err = range retry.Wrap(circle{new(mem.Backend), keys}, nil).List(t.Context(), "dir") {
			if err != nil {
				break
			}
		}
		if want := `retry: list "dir": the store does not list its keys in order`; err == nil || err.Error() != want {
			t.Errorf("a circle of %q: %v", keys, err)
		}
	}
}
