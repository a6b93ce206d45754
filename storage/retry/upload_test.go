package retry_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fault"
	"github.com/cairnstate/cairn/storage/internal/around"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/retry"
)

const uploaded = "0123456789"

func upload(ctx context.Context, b backend.Backend, opts *backend.CreateOptions) error {
	return backend.Upload(ctx, b, "a", opts, strings.NewReader(uploaded), int64(len(uploaded)))
}

// TestUploadsAreSettled holds what becomes of an upload that fails once, if there is
// nothing before, or something else.
func TestUploadsAreSettled(t *testing.T) {
	exclusive := &backend.CreateOptions{IfAbsent: true}
	for _, test := range []struct {
		recipe string
		opts   *backend.CreateOptions
		old    string
		want   error
		left   string
		tries  int
	}{
		{"upload & nth(1): fail(reset)", exclusive, "", nil, uploaded, 2},
		{"upload & nth(1): lose(reset)", exclusive, "", nil, uploaded, 1},
		{"upload & nth(1): lose(throttled)", exclusive, "", nil, uploaded, 1},
		{"upload & nth(1): lose(reset)", nil, "old", nil, uploaded, 1},
		{"upload & nth(1): lose(throttled)", nil, "old", nil, uploaded, 2},
		{"upload & nth(1): lose(reset)", exclusive, "old", fs.ErrExist, "old", 1},
		// Nothing was taken, so nothing can have happened, and another try does no harm.
		{"upload & nth(1): fail(reset)", nil, "old", nil, uploaded, 2},
		{"send & after(7) & nth(1): fail(reset)", nil, "old", nil, uploaded, 2},
		{"send & nth(1): lose(reset)", nil, "", nil, uploaded, 2},
		// All was taken: what is there may be somebody else's, later.
		{"send & nth(1): lose(reset)", nil, "old", backend.ErrTransient, "old", 1},
		{"upload: fail(permission)", nil, "old", fs.ErrPermission, "old", 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			store, tries := new(mem.Backend), 0
			if test.old != "" {
				if err := write(t.Context(), store, "a", nil, test.old); err != nil {
					t.Fatal(err)
				}
			}
			spy := around.Wrap(fault.Guard(t, fault.Wrap(store, recipe(t, test.recipe))), func(c *around.Call, do func() error) error {
				if c.Op == around.Upload {
					tries++
				}
				return do()
			})
			err := upload(t.Context(), retry.Wrap(spy, nil), test.opts)
			if !errors.Is(err, test.want) || (err == nil) != (test.want == nil) {
				t.Errorf("%s over %q: %v, want %v", test.recipe, test.old, err, test.want)
			}
			if left, _ := read(t.Context(), store, "a"); left != test.left || tries != test.tries {
				t.Errorf("%s over %q leaves %q after %d tries, want %q after %d", test.recipe, test.old, left, tries, test.left, test.tries)
			}
		})
	}
}

// sourceOf fails at the byte with the error.
type sourceOf struct {
	at  int64
	err error
}

func (s sourceOf) ReadAt(p []byte, offset int64) (int, error) {
	n := max(0, min(int64(len(p)), s.at-offset))
	clear(p[:n])
	if n < int64(len(p)) {
		return int(n), s.err
	}
	return int(n), nil
}

func TestAnErrorOfTheSourceIsTheCallers(t *testing.T) {
	for _, source := range []sourceOf{{4, backend.ErrTransient}, {0, backend.ErrThrottled}, {4, io.EOF}} {
		spy := fault.Wrap(new(mem.Backend), fault.At(fault.And(fault.On(fault.Upload), fault.Nth(2)), fault.Kill()))
		err := backend.Upload(t.Context(), retry.Wrap(spy, nil), "a", nil, source, 10)
		want := source.err
		if errors.Is(want, io.EOF) {
			want = io.ErrUnexpectedEOF
		}
		if !errors.Is(err, want) || spy.Killed() {
			t.Errorf("%v at byte %d: %v; it was tried again: %v", source.err, source.at, err, spy.Killed())
		}
	}
}

// slowly uploads a byte each 20 seconds, and takes ten minutes to publish, or for ever.
type slowly struct {
	*mem.Backend
	tries *int
}

func (s slowly) Upload(ctx context.Context, key string, opts *backend.CreateOptions, r io.ReaderAt, size int64) error {
	*s.tries++
	data := make([]byte, size)
	for i := range data {
		if _, err := r.ReadAt(data[i:i+1], int64(i)); err != nil {
			return err
		}
		time.Sleep(20 * time.Second)
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(10 * time.Minute):
		return backend.Upload(ctx, s.Backend, key, opts, bytes.NewReader(data), size)
	}
}

// TestAnUploadThatMovesIsNotAbandoned holds that what is small is, when all of it was
// taken and nothing comes of that.
func TestAnUploadThatMovesIsNotAbandoned(t *testing.T) {
	for buffer, want := range map[int]int{5: 1, 100: 4} {
		synctest.Test(t, func(t *testing.T) {
			tries := 0
			err := upload(t.Context(), retry.Wrap(slowly{new(mem.Backend), &tries}, &retry.Options{Buffer: buffer}), nil)
			if tries != want || (err == nil) != (want == 1) {
				t.Errorf("a buffer of %d: %v after %d tries, want %d", buffer, err, tries, want)
			}
		})
	}
}

func TestAnUploadThatStallsIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := new(mem.Backend)
		b := retry.Wrap(fault.Guard(t, fault.Wrap(store, recipe(t, "send & after(5) & nth(1): stall"))), nil)
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if err := upload(ctx, b, nil); err != nil {
			t.Error(err)
		}
	})
}
