package retry_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fault"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/retry"
)

// versioned tells a version of its one object, and remembers what was opened.
type versioned struct {
	*mem.Backend
	version string
	opened  []backend.OpenOptions
	swaps   []string
}

func (v *versioned) Open(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
	if opts == nil {
		opts = new(backend.OpenOptions)
	}
	v.opened = append(v.opened, *opts)
	if opts.Version != "" && opts.Version != v.version {
		return nil, &backend.Error{Backend: "versioned", Op: "open", Key: key, Err: backend.ErrChanged}
	}
	r, err := v.Backend.Open(ctx, key, opts)
	return &versionedReader{r, v.version}, err
}

func (v *versioned) Swap(ctx context.Context, key, old string, data []byte) (string, error) {
	if old != v.version {
		return "", &backend.Error{Backend: "versioned", Op: "swap", Key: key, Err: backend.ErrChanged}
	}
	v.version = "after " + old
	v.swaps = append(v.swaps, string(data))
	return v.version, write(ctx, v.Backend, key, nil, string(data))
}

type versionedReader struct {
	backend.Reader
	version string
}

func (r *versionedReader) Info() backend.Info {
	info := r.Reader.Info()
	info.Version = r.version
	return info
}

func TestReadingGoesOnWhereItStopped(t *testing.T) {
	for _, how := range []string{"fail(reset)", "truncate", "stall"} {
		synctest.Test(t, func(t *testing.T) {
			store := &versioned{Backend: new(mem.Backend), version: "1"}
			if err := write(t.Context(), store, "a", nil, "0123456789"); err != nil {
				t.Fatal(err)
			}
			b := retry.Wrap(fault.Wrap(store, recipe(t, "read & nth(2): "+how)), nil)
			r, err := b.Open(t.Context(), "a", &backend.OpenOptions{Offset: 1, Length: 8, Within: "w"})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			first := make([]byte, 3)
			if _, err := io.ReadFull(r, first); err != nil {
				t.Fatal(err)
			}
			rest, err := io.ReadAll(r)
			if got := string(first) + string(rest); got != "12345678" || err != nil {
				t.Errorf("%s: read %q, %v", how, got, err)
			}
			if want := (backend.OpenOptions{Offset: 4, Length: 5, Within: "w", Version: "1"}); store.opened[len(store.opened)-1] != want {
				t.Errorf("%s: opened %+v", how, store.opened)
			}
		})
	}
}

func TestReadingDoesNotMixTwoObjects(t *testing.T) {
	for _, version := range []string{"", "1"} { // the store tells versions, or not
		synctest.Test(t, func(t *testing.T) {
			store := &versioned{Backend: new(mem.Backend), version: version}
			if err := write(t.Context(), store, "a", nil, "old old old"); err != nil {
				t.Fatal(err)
			}
			r, err := retry.Wrap(fault.Wrap(store, recipe(t, "read & nth(2): fail(reset)")), nil).Open(t.Context(), "a", nil)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			if _, err := r.Read(make([]byte, 3)); err != nil {
				t.Fatal(err)
			}
			store.version += version
			if err := write(t.Context(), store, "a", nil, "new"); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if _, err := io.ReadAll(r); !errors.Is(err, backend.ErrChanged) {
					t.Errorf("reading on gives %v", err)
				}
			}
		})
	}
}

// TestOnlyWhatFailedIsDeletedAgain names a key that lasts, one that passes, and others.
func TestOnlyWhatFailedIsDeletedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked [][]string
		store := &batches{Backend: new(mem.Backend), asked: &asked}
		inner := fault.Wrap(store, recipe(t, `delete-all & key("^b$"): fail(permission)`))
		b := retry.Wrap(fault.Wrap(inner, recipe(t, `delete-all & key("^c$") & nth(1): fail(throttled)`)), nil)
		err := backend.DeleteAll(t.Context(), b, []string{"a", "b", "c", "d"})
		if err == nil || !strings.Contains(err.Error(), `"b"`) || strings.Contains(err.Error(), `"c"`) {
			t.Errorf("told %v", err)
		}
		if len(asked) != 2 || !slices.Equal(asked[0], []string{"a", "d"}) || !slices.Equal(asked[1], []string{"c"}) {
			t.Errorf("asked for %q", asked)
		}
	})
}

type batches struct {
	*mem.Backend
	asked *[][]string
}

func (b *batches) DeleteAll(_ context.Context, keys []string) error {
	*b.asked = append(*b.asked, keys)
	return nil
}

func TestSwapsAreSettled(t *testing.T) {
	for how, want := range map[string]string{
		"swap & nth(1): lose(reset)":     "new",
		"swap & nth(1): fail(reset)":     "new",
		"swap & nth(1): lose(throttled)": "new",
		"swap & nth(1): stall":           "new",
	} {
		synctest.Test(t, func(t *testing.T) {
			store := &versioned{Backend: new(mem.Backend), version: "1"}
			if err := write(t.Context(), store, "a", nil, "old"); err != nil {
				t.Fatal(err)
			}
			b := retry.Wrap(fault.Guard(t, fault.Wrap(store, recipe(t, how))), nil)
			version, err := backend.Swap(t.Context(), b, "a", "1", []byte(want))
			if err != nil || version != "after 1" || !slices.Equal(store.swaps, []string{want}) {
				t.Errorf("%s: version %q, %v; swaps %q", how, version, err, store.swaps)
			}
			if _, err := backend.Swap(t.Context(), b, "a", "1", []byte("late")); !errors.Is(err, backend.ErrChanged) {
				t.Errorf("a swap that lost gives %v", err)
			}
		})
	}
}
