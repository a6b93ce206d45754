package retry_test

import (
	"context"
	"errors"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fault"
	"github.com/cairnstate/cairn/storage/internal/around"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/retry"
)

var errFull = syscall.ENOSPC

// TestPausesGrow bounds the pauses: full jitter, up to 100, 200, 400 ms and so on, at
// most 10 s, and four times that if the store asks for it.
func TestPausesGrow(t *testing.T) {
	for kind, factor := range map[fault.Kind]time.Duration{fault.Transient: 1, fault.Throttled: 4} {
		synctest.Test(t, func(t *testing.T) {
			var tries []time.Time
			faulty := fault.Wrap(new(mem.Backend), fault.At(fault.Any(), fault.Fail(kind)))
			spy := around.Wrap(faulty, func(_ *around.Call, do func() error) error {
				tries = append(tries, time.Now())
				return do()
			})
			_, err := retry.Wrap(spy, &retry.Options{Attempts: 40}).Stat(t.Context(), "a")
			if len(tries) != 40 || !strings.HasSuffix(err.Error(), "(tried 40 times)") {
				t.Fatalf("%d tries, %v", len(tries), err)
			}
			checkPauses(t, tries, factor)
		})
	}
}

func checkPauses(t *testing.T, tries []time.Time, factor time.Duration) {
	t.Helper()
	bound, sum := 100*time.Millisecond*factor, time.Duration(0)
	for i, try := range tries[1:] {
		pause := try.Sub(tries[i])
		if pause > bound+time.Microsecond {
			t.Errorf("pause %d takes %s, more than %s", i, pause, bound)
		}
		sum += pause
		bound = min(2*bound, 10*time.Second*factor)
	}
	// The mean of 39 such pauses is half of their bounds; a quarter is far off.
	if sum < 40*time.Second*factor {
		t.Errorf("all pauses take %s", sum)
	}
}

func TestBothErrorsAreToldWhenTimeIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		b := retry.Wrap(fault.Wrap(new(mem.Backend), fault.At(fault.Any(), fault.Fail(fault.Throttled))), &retry.Options{Attempts: 1000})
		_, err := b.Stat(ctx, "a")
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, backend.ErrThrottled) {
			t.Errorf("told %v", err)
		}
		want := `retry: stat "a": context deadline exceeded; the last try failed: fault: stat "a": the store asks to be asked less often`
		if err.Error() != want {
			t.Errorf("told %s\nwant %s", err, want)
		}
	})
}

// TestADoneContextChangesNothing cancels while a deletion waits for its next try.
func TestADoneContextChangesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := new(mem.Backend)
		if err := write(t.Context(), store, "a", nil, "kept"); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		faulty := fault.Wrap(store, fault.At(fault.And(fault.On(fault.Delete, fault.Commit), fault.Nth(1)), fault.Fail(fault.Throttled)))
		b := retry.Wrap(faulty, &retry.Options{FirstPause: time.Hour, LongestPause: time.Hour})
		done := make(chan error)
		go func() { done <- b.Delete(ctx, "a") }()
		synctest.Wait()
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("told %v", err)
		}
		time.Sleep(10 * time.Hour)
		if left := keys(t, store); left != "a" {
			t.Errorf("left %q", left)
		}
	})
}

// slow moves a byte each 20 seconds, and an element too.
func slow(b backend.Backend) backend.Backend {
	return around.Wrap(b, func(c *around.Call, do func() error) error {
		if c.Op == around.Read || c.Op == around.Next || c.Op == around.Write {
			time.Sleep(20 * time.Second)
		}
		return do()
	})
}

func TestWhatMovesIsNotAbandoned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		spy := fault.Wrap(slow(new(mem.Backend)), fault.At(fault.And(fault.On(fault.Create, fault.Open, fault.List), fault.Nth(5)), fault.Kill()))
		b := retry.Wrap(spy, nil)
		if err := write(t.Context(), b, "a", nil, strings.Split("0123456789", "")...); err != nil {
			t.Fatal(err)
		}
		if got, err := read(t.Context(), b, "a"); err != nil || got != "0123456789" {
			t.Errorf("read %q, %v", got, err)
		}
		if listed := keys(t, b); listed != "a" {
			t.Errorf("listed %q", listed)
		}
		if took := time.Since(began); took < 5*time.Minute || spy.Killed() {
			t.Errorf("took %s; something was tried again: %v", took, spy.Killed())
		}
	})
}

// TestWhoeverLooksAtAnElementMayTakeHisTime holds that the clock rests meanwhile.
func TestWhoeverLooksAtAnElementMayTakeHisTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := new(mem.Backend)
		for _, key := range []string{"a", "b", "c"} {
			if err := write(t.Context(), store, key, nil, "0123456789"); err != nil {
				t.Fatal(err)
			}
		}
		lists, seen := 0, 0
		spy := around.Wrap(store, func(c *around.Call, do func() error) error {
			if c.Op == around.List {
				lists++
			}
			return do()
		})
		for _, err := range retry.Wrap(spy, nil).List(t.Context(), "") {
			if err != nil {
				t.Fatal(err)
			}
			seen++
			time.Sleep(time.Hour)
		}
		if seen != 3 || lists != 1 {
			t.Errorf("saw %d elements of %d listings", seen, lists)
		}
	})
}
