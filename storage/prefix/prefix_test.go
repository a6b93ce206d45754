package prefix_test

import (
	"context"
	"errors"
	"io"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fault"
	"github.com/cairnstate/cairn/storage/internal/around"
	"github.com/cairnstate/cairn/storage/internal/powers"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/prefix"
	"github.com/cairnstate/cairn/storage/storagetest"
)

func TestConformance(t *testing.T) {
	shared := new(mem.Backend)
	storagetest.Run(t, func(t *testing.T) backend.Backend { return wrap(t, shared) })
}

// TestNoMethodLeavesThePrefix would find a power that came later and was not given
// the prefix.
func TestNoMethodLeavesThePrefix(t *testing.T) {
	spy := around.Wrap(new(mem.Backend), func(c *around.Call, do func() error) error {
		for key := range c.EachKey {
			if c.Op != around.Shut && !strings.HasPrefix(key, "some/where/") {
				t.Errorf("%s of %q came through", c.Op, key)
			}
		}
		return do()
	})
	for _, request := range powers.Requests(wrap(t, spy)) {
		_ = request(t.Context(), "key") // whether it succeeds is not the question
	}
}

func TestWhatIsNoKeyComesNoFurther(t *testing.T) {
	spy := around.Wrap(new(mem.Backend), func(c *around.Call, do func() error) error {
		if c.Op != around.Shut {
			t.Errorf("%s came through", c.Op)
		}
		return do()
	})
	for name, request := range powers.Requests(wrap(t, spy)) {
		if err := request(t.Context(), "../key"); err == nil && name != "Close" {
			t.Errorf("%s takes a key that leads out", name)
		}
	}
}

func TestErrorsTellKeysBelowThePrefix(t *testing.T) {
	faulty := fault.Wrap(new(mem.Backend), fault.At(fault.Any(), fault.Fail(fault.Transient)))
	for name, request := range powers.Requests(wrap(t, faulty)) {
		err := request(t.Context(), "key")
		if typed, ok := errors.AsType[*backend.Error](err); !ok || typed.Key != "key" && name != "Close" {
			t.Errorf("%s: %v", name, err)
		}
	}
	err := wrap(t, faulty).Delete(t.Context(), "key")
	if want := `fault: delete "key" in "some/where": the store failed for the moment`; err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// within tells what it was asked, of what mem does not care about.
type within struct {
	*mem.Backend
	opts    backend.OpenOptions
	located string
	source  io.ReaderAt
}

func (w *within) Upload(_ context.Context, _ string, _ *backend.CreateOptions, r io.ReaderAt, _ int64) error {
	w.source = r
	return nil
}

func (w *within) Open(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
	w.opts = *opts
	return w.Backend.Open(ctx, key, opts)
}

func (w *within) Locate(_ context.Context, key string, _ time.Duration) (*url.URL, error) {
	w.located = key
	return new(url.URL), nil
}

func (*within) Limits() backend.Limits { return backend.Limits{MaxKey: 100, MaxElement: 50} }

func TestReadingStaysBelowThePrefix(t *testing.T) {
	store := &within{Backend: new(mem.Backend)}
	b := wrap(t, store)
	for asked, want := range map[string]string{"": "some/where", "dir": "some/where/dir"} {
		_, _ = b.Open(t.Context(), "dir/a", &backend.OpenOptions{Within: asked, Offset: 3, Version: "v"})
		if store.opts != (backend.OpenOptions{Within: want, Offset: 3, Version: "v"}) {
			t.Errorf("within %q: asked %+v", asked, store.opts)
		}
		_, _ = backend.Download(t.Context(), b, "dir/a", &backend.OpenOptions{Within: asked}, nil)
		if store.opts.Within != want {
			t.Errorf("downloading within %q: asked %+v", asked, store.opts)
		}
	}
	if _, err := backend.Locate(t.Context(), b, "a", time.Hour); err != nil || store.located != "some/where/a" {
		t.Errorf("located %q, %v", store.located, err)
	}
	if got := backend.LimitsOf(b); got.MaxKey != 100-len("some/where/") || got.MaxElement != 50 {
		t.Errorf("limits %+v", got)
	}
}

// TestUploadsLeaveTheSourceInSight lets the backend within see that it is a file.
func TestUploadsLeaveTheSourceInSight(t *testing.T) {
	store, file := &within{Backend: new(mem.Backend)}, new(os.File)
	if err := backend.Upload(t.Context(), wrap(t, backend.Through{Backend: store}), "a", nil, file, 1); err != nil || store.source != file {
		t.Errorf("the source is a %T within, %v", store.source, err)
	}
}

func TestNeighboursAreNotSeen(t *testing.T) {
	store := new(mem.Backend)
	for _, key := range []string{"some/where/in", "some/wherever", "some/where-else/out", "out"} {
		w, err := store.Create(t.Context(), key, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	var seen []string
	for info, err := range wrap(t, store).List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, info.Key)
	}
	if strings.Join(seen, " ") != "in" {
		t.Errorf("seen %q", seen)
	}
}

func TestReadersSayWhatFailedBelowThePrefix(t *testing.T) {
	store := new(mem.Backend)
	w, _ := store.Create(t.Context(), "some/where/a", nil)
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	r, err := wrap(t, fault.Wrap(store, fault.At(fault.On(fault.Read), fault.Fail(fault.Reset)))).Open(t.Context(), "a", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	_, err = io.ReadAll(r)
	if typed, ok := errors.AsType[*backend.Error](err); !ok || typed.Key != "a" {
		t.Errorf("reading gives %v", err)
	}
}

func TestPrefixesThatAreNone(t *testing.T) {
	for _, none := range []string{"", "/", "a/", "/a", "a/../b", "."} {
		if b, err := prefix.Wrap(new(mem.Backend), none); err == nil {
			t.Errorf("%q gives %v", none, b)
		}
	}
}

func wrap(t *testing.T, b backend.Backend) backend.Backend {
	t.Helper()
	below, err := prefix.Wrap(b, "some/where")
	if err != nil {
		t.Fatal(err)
	}
	return below
}
