package around_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/around"
	"github.com/cairnstate/cairn/storage/internal/powers"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/storagetest"
)

func TestConformance(t *testing.T) {
	shared := new(mem.Backend)
	storagetest.Run(t, func(*testing.T) backend.Backend {
		return around.Wrap(shared, func(_ *around.Call, do func() error) error { return do() })
	})
}

// TestNoMethodGoesPast would find a power that the contract got and the hook did not.
func TestNoMethodGoesPast(t *testing.T) {
	var seen []around.Op
	store := new(mem.Backend)
	b := around.Wrap(store, func(c *around.Call, do func() error) error {
		seen = append(seen, c.Op)
		return do()
	})
	for name, request := range powers.Requests(b) {
		seen = nil
		_ = request(t.Context(), "key") // whether it succeeds is not the question
		if len(seen) == 0 {
			t.Errorf("%s went past the hook", name)
		}
	}
}

// TestNoMethodGoesOn holds that a hook which does not let a call happen keeps it
// from the store, whatever the method.
func TestNoMethodGoesOn(t *testing.T) {
	no := errors.New("no")
	touched := false
	within := around.Wrap(new(mem.Backend), func(_ *around.Call, do func() error) error {
		touched = true
		return do()
	})
	b := around.Wrap(within, func(*around.Call, func() error) error { return no })
	for name, request := range powers.Requests(b) {
		if err := request(t.Context(), "key"); !errors.Is(err, no) || touched {
			t.Errorf("%s: error %v, store touched: %v", name, err, touched)
		}
	}
}

func TestEachCallOfAStreamIsSeen(t *testing.T) {
	var seen []string
	b := around.Wrap(new(mem.Backend), func(c *around.Call, do func() error) error {
		err := do()
		seen = append(seen, fmt.Sprintf("%s@%d+%d", c.Op, c.Offset, c.N))
		return err
	})
	write(t, b, "dir/a", "ab", "c")
	read(t, b, "dir/a")
	for range b.List(t.Context(), "dir") {
		continue
	}
	abandon(t, b, "dir/b")
	want := "create@0+0 write@0+2 write@2+1 commit@3+0 " +
		"open@0+0 read@0+2 read@2+1 read@3+0 close@3+0 list@0+0 next@0+0 next@0+0 create@0+0 abort@0+0"
	if got := strings.Join(seen, " "); got != want {
		t.Errorf("seen\n%s, want\n%s", got, want)
	}
}

// eager tells of the end together with the last bytes, as a ReaderAt may.
type eager struct{ io.ReaderAt }

func (e eager) ReadAt(p []byte, at int64) (int, error) {
	n, err := e.ReaderAt.ReadAt(p, at)
	if err == nil {
		err = io.EOF
	}
	return n, err
}

// twice takes what it uploads in two pieces, and the second one again.
type twice struct{ *mem.Backend }

func (twice) Upload(_ context.Context, _ string, _ *backend.CreateOptions, r io.ReaderAt, _ int64) error {
	for _, at := range []int64{0, 2, 2} {
		if _, err := r.ReadAt(make([]byte, 2), at); err != nil {
			return err
		}
	}
	return nil
}

func TestEachPieceOfAnUploadIsSeen(t *testing.T) {
	var seen []string
	b := around.Wrap(twice{}, func(c *around.Call, do func() error) error {
		err := do()
		seen = append(seen, fmt.Sprintf("%s@%d+%d,%d of %d: %v", c.Op, c.Offset, c.N, c.First, c.Length, err))
		return err
	})
	if err := b.Upload(t.Context(), "a", nil, eager{strings.NewReader("0123")}, 4); err != nil {
		t.Error(err)
	}
	if err := b.Upload(t.Context(), "a", nil, strings.NewReader("0"), 4); !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	want := "send@0+2,2 of 0: <nil> send@2+2,2 of 0: <nil> send@2+2,0 of 0: <nil> upload@0+4,0 of 4: <nil> " +
		"send@0+1,1 of 0: EOF upload@0+1,0 of 4: EOF"
	if got := strings.Join(seen, " "); got != want {
		t.Errorf("seen\n%s, want\n%s", got, want)
	}
}

// TestAListingHoldsNothingMeanwhile would hang if the hook were around the caller's
// loop body.
func TestAListingHoldsNothingMeanwhile(t *testing.T) {
	inside := 0
	b := around.Wrap(new(mem.Backend), func(_ *around.Call, do func() error) error {
		inside++
		defer func() { inside-- }()
		return do()
	})
	write(t, b, "a", "")
	for range b.List(t.Context(), "") {
		if inside != 0 {
			t.Error("the hook is around the loop body")
		}
	}
}

func TestALostWriterIsClosedOrLeft(t *testing.T) {
	for _, leave := range []bool{false, true} {
		closed := false
		within := around.Wrap(new(mem.Backend), func(c *around.Call, do func() error) error {
			closed = closed || c.Op == around.Abort
			return do()
		})
		b := around.Wrap(within, func(c *around.Call, do func() error) error {
			c.Leave = leave
			return errors.Join(do(), errors.New("the answer got lost"))
		})
		if w, err := b.Create(t.Context(), "a", nil); err == nil || w != nil {
			t.Errorf("Create gives %v, %v", w, err)
		}
		if closed == leave {
			t.Errorf("told to leave the writer: %v; it was closed: %v", leave, closed)
		}
	}
}

func TestKinds(t *testing.T) {
	for want, err := range map[string]error{
		"ok":        nil,
		"failed":    errors.New("?"),
		"throttled": &backend.Error{Err: backend.ErrThrottled},
		"cancelled": errors.Join(backend.ErrTransient, context.Canceled),
	} {
		if got := around.Kind(err); got != want {
			t.Errorf("%v is %q, want %q", err, got, want)
		}
	}
}

func TestEachOpIsListedOnce(t *testing.T) {
	ops := around.Ops()
	slices.Sort(ops)
	if len(slices.Compact(ops)) != 21 {
		t.Errorf("%d ops, want 21: %q", len(ops), ops)
	}
}

func write(t *testing.T, b backend.Backend, key string, pieces ...string) {
	t.Helper()
	w, err := b.Create(t.Context(), key, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, piece := range pieces {
		if _, err := io.WriteString(w, piece); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Commit(), w.Close()); err != nil {
		t.Fatal(err)
	}
}

func abandon(t *testing.T, b backend.Backend, key string) {
	t.Helper()
	w, err := b.Create(t.Context(), key, nil)
	if err == nil {
		err = errors.Join(w.Close(), w.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// read reads with a buffer of two bytes.
func read(t *testing.T, b backend.Backend, key string) {
	t.Helper()
	r, err := b.Open(t.Context(), key, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for buffer := make([]byte, 2); err == nil; {
		_, err = r.Read(buffer)
	}
	if err != io.EOF {
		t.Fatal(err)
	}
}
