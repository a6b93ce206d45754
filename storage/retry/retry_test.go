package retry_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fault"
	"github.com/cairnstate/cairn/storage/internal/powers"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/retry"
	"github.com/cairnstate/cairn/storage/storagetest"
)

func TestConformance(t *testing.T) {
	shared := new(mem.Backend)
	storagetest.Run(t, func(*testing.T) backend.Backend { return retry.Wrap(shared, nil) })
}

// TestConformanceOfWhatFails holds that nobody notices a store of which one call in
// ten fails, and each third answer to a commit gets lost. Commits themselves do not fail,
// nor do uploads but at their pieces: over an object that is replaced they are in doubt.
func TestConformanceOfWhatFails(t *testing.T) {
	shared := new(mem.Backend)
	plan := recipe(t, "seed 1; commit & every(3): lose(reset); !(commit | upload | close | abort | shut) & chance(0.1): fail(transient); read & every(7): truncate")
	// A listing begins anew after each failure, and so does a download; long ones would
	// never come to their end.
	opts := &storagetest.Options{Page: 20, LargeSize: 100_000}
	storagetest.RunWith(t, opts, func(*testing.T) backend.Backend {
		return retry.Wrap(fault.Wrap(shared, plan), &retry.Options{Attempts: 100, FirstPause: 2, LongestPause: 2, Buffer: 16 << 20})
	})
}

// TestNoMethodGivesUpAtOnce would find a power that came later and is not tried again.
func TestNoMethodGivesUpAtOnce(t *testing.T) {
	for name, request := range requests() {
		synctest.Test(t, func(t *testing.T) {
			store := new(mem.Backend)
			if err := write(t.Context(), store, "key", nil, "content"); err != nil {
				t.Fatal(err)
			}
			faulty := fault.Wrap(store, recipe(t, "!shut & nth(1): fail(throttled)"))
			if err := request(name, retry.Wrap(faulty, nil)); errors.Is(err, backend.ErrThrottled) {
				t.Errorf("%s: %v", name, err)
			}
			if name != "Close" && faulty.VerifyFired() != nil {
				t.Errorf("%s met no fault", name)
			}
		})
	}
}

func requests() map[string]func(string, backend.Backend) error {
	all := make(map[string]func(string, backend.Backend) error)
	for name := range powers.Requests(new(mem.Backend)) {
		all[name] = func(name string, b backend.Backend) error {
			for other, request := range powers.Requests(b) {
				if other == name {
					return request(context.Background(), "key")
				}
			}
			return nil
		}
	}
	return all
}

// TestEachCallMayFail enumerates what may pass over each call of a life of objects.
// All of it goes well, and leaves the same.
func TestEachCallMayFail(t *testing.T) {
	sites, err := fault.Record(new(mem.Backend), life)
	if err != nil {
		t.Fatal(err)
	}
	effects := []fault.Effect{
		fault.Fail(fault.Transient), fault.Fail(fault.Throttled), fault.Fail(fault.Reset),
		fault.Lose(fault.Transient), fault.Lose(fault.Throttled), fault.Short(fault.Reset), fault.Truncate(), fault.Stall(),
	}
	count := 0
	for site, plan := range fault.Enumerate(sites, effects) {
		stalls := strings.HasSuffix(plan.String(), "stall")
		if site.Op == fault.Close || site.Op == fault.Abort || stalls && (site.Op == fault.Copy || site.Op == fault.DeleteAll) {
			continue // what closes is not tried again by itself, and what has no clock ends with its context
		}
		synctest.Test(t, func(t *testing.T) {
			store := new(mem.Backend)
			if err := life(retry.Wrap(fault.Guard(t, fault.Wrap(store, plan)), nil)); err != nil {
				t.Errorf("%s: %v", plan, err)
			}
			if left := keys(t, store); left != "a c" {
				t.Errorf("%s leaves %q", plan, left)
			}
		})
		count++
	}
	t.Logf("%d faults at %d calls", count, len(sites))
}

// life is exclusive creation, reading, listing, copying and deleting. It leaves a and c.
func life(b backend.Backend) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	for _, key := range []string{"a", "b", "d", "e"} {
		if err := write(ctx, b, key, &backend.CreateOptions{IfAbsent: true}, "0123", "456789"); err != nil {
			return err
		}
	}
	if err := backend.Upload(ctx, b, "f", &backend.CreateOptions{IfAbsent: true}, strings.NewReader("0123456789"), 10); err != nil {
		return err
	}
	if _, err := b.Stat(ctx, "a"); err != nil {
		return err
	}
	if got, err := read(ctx, b, "a"); err != nil || got != "0123456789" {
		return fmt.Errorf("read %q, %w", got, err)
	}
	if err := backend.Copy(ctx, b, "a", "c", &backend.CreateOptions{IfAbsent: true}); err != nil {
		return err
	}
	listed := ""
	for info, err := range b.List(ctx, "") {
		if err != nil {
			return err
		}
		listed += info.Key
	}
	if listed != "abcdef" {
		return fmt.Errorf("listed %q", listed)
	}
	return errors.Join(b.Delete(ctx, "b"), backend.DeleteAll(ctx, b, []string{"d", "e", "f"}))
}

func TestWhatLastsIsNotTriedAgain(t *testing.T) {
	for _, kind := range []fault.Kind{fault.Permission, fault.Full} {
		faulty := fault.Wrap(new(mem.Backend), fault.At(fault.Any(), fault.Fail(kind)))
		b := retry.Wrap(faulty, nil)
		for name, request := range powers.Requests(b) {
			before := faulty.Fired()[0]
			if err := request(t.Context(), "key"); err == nil || faulty.Fired()[0] != before+1 {
				t.Errorf("%s of what fails with %s: %v after %d tries", name, kind, err, faulty.Fired()[0]-before)
			}
		}
	}
}

func TestALoserIsToldEvenIfHisAnswerGotLost(t *testing.T) {
	for _, effect := range []fault.Effect{fault.Lose(fault.Reset), fault.Fail(fault.Reset)} {
		synctest.Test(t, func(t *testing.T) {
			store := new(mem.Backend)
			exclusive := &backend.CreateOptions{IfAbsent: true}
			if err := write(t.Context(), store, "a", exclusive, "winner"); err != nil {
				t.Fatal(err)
			}
			b := retry.Wrap(fault.Guard(t, fault.Wrap(store, fault.At(fault.On(fault.Commit), effect))), nil)
			if err := write(t.Context(), b, "a", exclusive, "loser!"); !errors.Is(err, fs.ErrExist) {
				t.Errorf("%s: %v", effect, err)
			}
			if got, _ := read(t.Context(), store, "a"); got != "winner" {
				t.Errorf("%s leaves %q", effect, got)
			}
		})
	}
}

// TestAReplacementInDoubtIsToldSo holds that what somebody else may have written
// meanwhile is not overwritten by another try.
func TestAReplacementInDoubtIsToldSo(t *testing.T) {
	store := new(mem.Backend)
	if err := write(t.Context(), store, "a", nil, "old"); err != nil {
		t.Fatal(err)
	}
	b := retry.Wrap(fault.Wrap(store, fault.At(fault.On(fault.Commit), fault.Fail(fault.Reset))), nil)
	if err := write(t.Context(), b, "a", nil, "new"); !errors.Is(err, backend.ErrTransient) {
		t.Errorf("in doubt: %v", err)
	}
	b = retry.Wrap(fault.Wrap(store, fault.At(fault.On(fault.Commit), fault.Lose(fault.Reset))), nil)
	if err := write(t.Context(), b, "a", nil, "new"); err != nil {
		t.Errorf("read back: %v", err)
	}
}

func TestWhatIsLargerThanTheBuffer(t *testing.T) {
	for recipes, want := range map[string]error{
		"commit: lose(reset)":                   nil,
		"commit & nth(1): fail(reset)":          backend.ErrTransient,
		"write & after(8) & nth(1): fail(full)": errFull,
		"write & nth(1): fail(reset)":           nil,
		"write & nth(3): fail(reset)":           backend.ErrTransient,
	} {
		synctest.Test(t, func(t *testing.T) {
			b := retry.Wrap(fault.Guard(t, fault.Wrap(new(mem.Backend), recipe(t, recipes))), &retry.Options{Buffer: 6})
			err := write(t.Context(), b, "a", &backend.CreateOptions{IfAbsent: true}, "01234", "56789", "more")
			if !errors.Is(err, want) || (err == nil) != (want == nil) {
				t.Errorf("%s: %v, want %v", recipes, err, want)
			}
		})
	}
}

func recipe(t *testing.T, text string) *fault.Plan {
	t.Helper()
	plan, err := fault.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func write(ctx context.Context, b backend.Backend, key string, opts *backend.CreateOptions, pieces ...string) error {
	w, err := b.Create(ctx, key, opts)
	if err != nil {
		return err
	}
	defer w.Close()
	for _, piece := range pieces {
		if _, err := io.WriteString(w, piece); err != nil {
			return err
		}
	}
	return w.Commit()
}

// read reads four bytes at a time.
func read(ctx context.Context, b backend.Backend, key string) (string, error) {
	r, err := b.Open(ctx, key, nil)
	if err != nil {
		return "", err
	}
	defer r.Close()
	var got []byte
	for buffer := make([]byte, 4); ; {
		n, err := r.Read(buffer)
		got = append(got, buffer[:n]...)
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return string(got), err
		}
	}
}

func keys(t *testing.T, b backend.Backend) (all string) {
	t.Helper()
	for info, err := range b.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		if all != "" {
			all += " "
		}
		all += info.Key
	}
	return all
}
