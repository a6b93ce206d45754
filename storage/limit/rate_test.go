package limit_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fault"
	"github.com/cairnstate/cairn/storage/limit"
	"github.com/cairnstate/cairn/storage/mem"
)

// TestRates holds how long it takes to do something thirty times, at ten in a second,
// of which the first ten are there at once: two seconds, or none for what is free. Of
// a budget the first one is.
func TestRates(t *testing.T) {
	requests, bytes := &limit.Options{Requests: 10}, &limit.Options{Bytes: 10}
	budget := &limit.Options{Budget: &limit.Budget{Reads: 10, Writes: 10, Elements: 1}}
	for _, test := range []struct {
		name string
		opts *limit.Options
		does func(t *testing.T, b backend.Backend, i int)
		want time.Duration
	}{
		{"stat", requests, statOne, 2 * time.Second},
		{"an object is one request", requests, func(t *testing.T, b backend.Backend, _ int) { put(t, b, "a", "x") }, 2 * time.Second},
		{"a short listing is one", requests, list, 2 * time.Second},
		{"stat costs no bytes", bytes, statOne, 0},
		{"a byte written", bytes, func(t *testing.T, b backend.Backend, _ int) { put(t, b, "a", "x") }, 2 * time.Second},
		{"a byte read", bytes, read, 2 * time.Second},
		{"a byte downloaded", bytes, download, 2 * time.Second},
		{"a byte uploaded, though it is read twice", bytes, upload, 2 * time.Second},
		{"an upload is one request", requests, upload, 2 * time.Second},
		{"a large upload is one for each part too", requests, func(t *testing.T, b backend.Backend, i int) {
			if i == 0 {
				must(t, backend.Upload(t.Context(), b, "a", nil, zeros{}, 29*8<<20))
			}
		}, 2 * time.Second},
		{"reads of one prefix", budget, statOne, 2900 * time.Millisecond},
		{"reads of three prefixes", budget, func(t *testing.T, b backend.Backend, i int) { stat(t, b, i%3) }, 900 * time.Millisecond},
		{"reads and writes have budgets of their own", budget, func(t *testing.T, b backend.Backend, i int) {
			switch i % 3 {
			case 0:
				stat(t, b, 0)
			case 1:
				must(t, b.Delete(t.Context(), "0/a"))
			}
		}, 900 * time.Millisecond},
		{"each key of a batch counts", budget, func(t *testing.T, b backend.Backend, i int) {
			if i == 0 {
				must(t, backend.DeleteAll(t.Context(), b, strings.Split(strings.Repeat("0/a,", 29)+"0/a", ",")))
			}
		}, 2900 * time.Millisecond},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := new(mem.Backend)
				put(t, store, "one", "x")
				b := wrap(t, twice{store}, test.opts)
				began := time.Now()
				for i := range 30 {
					test.does(t, b, i)
				}
				if took := time.Since(began); took < test.want-10*time.Millisecond || took > test.want+10*time.Millisecond {
					t.Errorf("took %s, want %s", took, test.want)
				}
			})
		})
	}
}

// TestABudgetAdapts halves at each refusal and grows back by a tenth each second.
func TestABudgetAdapts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := fault.Wrap(new(mem.Backend), fault.At(fault.And(fault.Key("^0/"), fault.Nth(1)), fault.Fail(fault.Throttled)))
		b := wrap(t, store, &limit.Options{Budget: &limit.Budget{Reads: 100, Writes: 100, Elements: 1}})
		stat(t, b, 0) // is refused
		for i, want := range []int{55, 65, 75, 85, 95, 100, 100} {
			if got := inASecond(t, b, 0); got < want-3 || got > want+8 {
				t.Errorf("in second %d: %d, want about %d", i+1, got, want)
			}
		}
		if got := inASecond(t, b, 1); got < 100 {
			t.Errorf("another prefix pays: it gets %d", got)
		}
	})
}

// TestOneBurstIsHalvedOnce holds that what was sent together and refused together
// counts once, and that a rate never falls to nothing.
func TestOneBurstIsHalvedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := fault.Wrap(new(mem.Backend), fault.At(fault.Key("^0/"), fault.Fail(fault.Throttled)))
		b := wrap(t, store, &limit.Options{Budget: &limit.Budget{Reads: 100, Writes: 100, Elements: 1}})
		for range 20 {
			stat(t, b, 0)
		}
		began := time.Now()
		for range 40 {
			stat(t, b, 0)
		}
		if took := time.Since(began); took > time.Minute {
			t.Errorf("40 requests take %s", took)
		}
	})
}

// inASecond counts the requests of the second that begins when what was saved up is
// used up.
func inASecond(t *testing.T, b backend.Backend, prefix int) int {
	t.Helper()
	began, count := time.Now(), 0
	for {
		stat(t, b, prefix)
		if time.Since(began) >= time.Second {
			return count
		}
		count++
	}
}

func stat(t *testing.T, b backend.Backend, prefix int) {
	_, _ = b.Stat(t.Context(), fmt.Sprintf("%d/a", prefix))
}

func statOne(t *testing.T, b backend.Backend, _ int) { stat(t, b, 0) }

func list(t *testing.T, b backend.Backend, _ int) {
	for _, err := range b.List(t.Context(), "") {
		must(t, err)
	}
}

func read(t *testing.T, b backend.Backend, _ int) {
	r, err := b.Open(t.Context(), "one", nil)
	must(t, err)
	defer r.Close()
	_, err = io.ReadAll(r)
	must(t, err)
}

func download(t *testing.T, b backend.Backend, _ int) {
	_, err := backend.Download(t.Context(), b, "one", nil, nowhere{})
	must(t, err)
}

func upload(t *testing.T, b backend.Backend, _ int) {
	must(t, backend.Upload(t.Context(), b, "a", nil, strings.NewReader("x"), 1))
}

// twice takes what it uploads for a checksum and again to send it, which it does not.
type twice struct{ backend.Backend }

func (twice) Upload(_ context.Context, _ string, _ *backend.CreateOptions, r io.ReaderAt, size int64) error {
	for range 2 {
		if _, err := io.Copy(io.Discard, io.NewSectionReader(r, 0, size)); err != nil {
			return err
		}
	}
	return nil
}

type zeros struct{}

func (zeros) ReadAt(p []byte, _ int64) (int, error) { clear(p); return len(p), nil }

type nowhere struct{}

func (nowhere) WriteAt(p []byte, _ int64) (int, error) { return len(p), nil }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
