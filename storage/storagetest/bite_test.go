package storagetest_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/storagetest"
)

// TestChecksBite holds one backend for each check that breaks its promise, and no
// other way to pass: the check must fail on it, and pass on the good one.
func TestChecksBite(t *testing.T) { bite(t, storagetest.Checks(), brokenBackends()) }

// The same of the checks that read what is there.
func TestReadingChecksBite(t *testing.T) { bite(t, storagetest.ReadingChecks(), existingWays()) }

func bite(t *testing.T, checks []storagetest.Check, broken map[string]ways) {
	t.Helper()
	for _, check := range checks {
		ways := broken[check.Name]
		if len(ways) == 0 {
			t.Errorf("no backend breaks %q: the check is not proven", check.Name)
		}
		for how, breakIt := range ways {
			t.Run(check.Name+"/"+how, func(t *testing.T) {
				t.Parallel()
				h := goodBackend(t)
				for _, key := range []string{"a", "b/c", "b/d"} {
					if err := publish(h.Backend, key, []byte("content of "+key), nil); err != nil {
						t.Fatal(err)
					}
				}
				breakIt(h)
				err := verify(t, check, h)
				if err == nil || errors.Is(err, storagetest.ErrNotPromised) {
					t.Fatalf("the promise is broken, and the check says: %v", err)
				}
				t.Log(err)
			})
		}
		delete(broken, check.Name)
	}
	for name := range broken {
		t.Errorf("there is no check %q", name)
	}
}

// verify takes a panic for an error: it is how Go tells that an iterator went on.
func verify(t *testing.T, check storagetest.Check, h *hooks) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return check.Verify(t.Context(), h, h.opts)
}

// The good backend passes, with every power and with every limit; what a limit
// excludes is said, and does not count as kept.
func TestTheGoodBackendPasses(t *testing.T) {
	for what, limits := range map[string]backend.Limits{
		"no limit":            {},
		"limits of size":      {MaxKey: 600, MaxElement: 250, MaxObject: 20 << 20},
		"no exclusive create": {NoExclusiveCreate: true},
		"no atomic replace":   {NoAtomicReplace: true},
		"late listings":       {NoListAfterWrite: true},
		"no swap":             {NoSwap: true},
		"read only":           {ReadOnly: true, NoSwap: true},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			m := newModel(t.TempDir())
			m.limits = limits
			var excluded []string
			for _, check := range storagetest.Checks() {
				err := check.Verify(t.Context(), m, nil)
				if errors.Is(err, storagetest.ErrNotPromised) {
					excluded = append(excluded, check.Topic)
				} else if err != nil {
					t.Errorf("%s: %v", check.Name, err)
				}
			}
			excluded = slices.Compact(excluded)
			if want := excludedTopics(limits); !slices.Equal(excluded, want) {
				t.Errorf("not promised is %q, want %q", excluded, want)
			}
		})
	}
}

func excludedTopics(limits backend.Limits) []string {
	switch {
	case limits.NoExclusiveCreate:
		return []string{"conditional writes", "copy", "upload", "limits", "read-only"}
	case limits.NoAtomicReplace:
		return []string{"atomic replacement", "upload", "limits", "read-only"}
	case limits.NoListAfterWrite:
		return []string{"publication", "listing", "cancellation", "limits", "read-only"}
	case limits.ReadOnly:
		var topics []string
		for _, check := range storagetest.Checks() {
			topics = append(topics, check.Topic)
		}
		topics = slices.Compact(topics)
		return topics[:len(topics)-1]
	case limits.NoSwap:
		return []string{"compare-and-swap", "limits", "read-only"}
	}
	return []string{"limits", "read-only"}
}

// What is there is read, and nothing there is said.
func TestReadingChecksOfTheGoodBackend(t *testing.T) {
	m := newModel(t.TempDir())
	for _, there := range []bool{false, true} {
		for _, check := range storagetest.ReadingChecks() {
			err := check.Verify(t.Context(), m, &storagetest.Options{Below: "dir"})
			if err != nil && (there || !errors.Is(err, storagetest.ErrNotPromised)) {
				t.Errorf("%s: %v", check.Name, err)
			}
		}
		if err := publish(m, "dir/object", []byte("content"), nil); err != nil {
			t.Fatal(err)
		}
	}
}
