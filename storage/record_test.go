package storage_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
)

// swapless is a store without compare-and-swap that says so; lame is one that finds
// out when it is asked, as a network file system does.
type (
	verbs    = backend.Backend
	swapless struct{ verbs }
	lame     struct{ *mem.Backend }
)

func (l lame) Swap(_ context.Context, key, _ string, _ []byte) (string, error) {
	return "", &backend.Error{Backend: "lame", Op: "swap", Key: key, Err: errors.ErrUnsupported}
}

// recordStores is each way to keep a record, over a store of its own.
func recordStores() map[string]func(*mem.Backend) backend.Backend {
	return map[string]func(*mem.Backend) backend.Backend{
		"swapping": func(b *mem.Backend) backend.Backend { return b },
		"swapless": func(b *mem.Backend) backend.Backend { return swapless{b} },
		"lame":     func(b *mem.Backend) backend.Backend { return lame{b} },
	}
}

func recordOf(t *testing.T, b backend.Backend) *storage.Record {
	t.Helper()
	return access(t, b, nil).Record("_record")
}

// step reads the record and changes what it holds.
func step(ctx context.Context, r *storage.Record, change func(string) string) error {
	data, version, err := r.Read(ctx)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	_, err = r.Swap(ctx, version, []byte(change(string(data))))
	return err
}

func TestARecordFromBeginningToEnd(t *testing.T) {
	for name, over := range recordStores() {
		t.Run(name, func(t *testing.T) {
			store := new(mem.Backend)
			r := recordOf(t, over(store))
			if _, _, err := r.Read(t.Context()); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), jobDir+"/_record") {
				t.Errorf("reading nothing gives %v", err)
			}
			must(t, r.Remove(t.Context(), storage.RecordVersion{}))
			one, err := r.Swap(t.Context(), storage.RecordVersion{}, []byte("one"))
			must(t, err)
			two, err := r.Swap(t.Context(), one, []byte("two"))
			must(t, err)
			for _, old := range []storage.RecordVersion{{}, one} {
				if _, err := r.Swap(t.Context(), old, []byte("three")); !errors.Is(err, backend.ErrChanged) {
					t.Errorf("an old version was swapped: %v", err)
				}
				if err := r.Remove(t.Context(), old); !errors.Is(err, backend.ErrChanged) {
					t.Errorf("an old version was removed: %v", err)
				}
			}
			data, version, err := r.Read(t.Context())
			if string(data) != "two" || version != two || err != nil {
				t.Errorf("read %q, %v", data, err)
			}
			must(t, r.Remove(t.Context(), two))
			_, _, err = r.Read(t.Context())
			if removed := errors.Is(err, fs.ErrNotExist); removed != (name == "swapping") {
				t.Errorf("after it was removed: %v", err)
			}
		})
	}
}

// Of those that change a record at once one succeeds: no step is lost.
func TestNoChangeOfARecordIsLost(t *testing.T) {
	for name, over := range recordStores() {
		t.Run(name, func(t *testing.T) {
			store := new(mem.Backend)
			var all sync.WaitGroup
			const workers, steps = 8, 25
			for range workers {
				r := recordOf(t, over(store))
				all.Go(func() {
					for done := 0; done < steps; {
						err := step(t.Context(), r, func(old string) string {
							n, _ := strconv.Atoi(old)
							return strconv.Itoa(n + 1)
						})
						switch {
						case err == nil:
							done++
						case !errors.Is(err, backend.ErrChanged):
							t.Errorf("a step failed: %v", err)
							return
						}
					}
				})
			}
			all.Wait()
			data, _, err := recordOf(t, over(store)).Read(t.Context())
			n, _ := strconv.Atoi(string(data))
			// A numbered content may be overtaken before its maker has looked: then it
			// counts, and the maker was told that it changed.
			if err != nil || n < workers*steps || n > workers*steps && name == "swapping" {
				t.Errorf("read %q, %v; want %d", data, err, workers*steps)
			}
			if n := len(keysOf(t, store)); n > 30 {
				t.Errorf("%d files are left; old contents are not cleared away", n)
			}
		})
	}
}

// Whoever sleeps while others come so far that his next number is free again must not
// take it for the last.
func TestASleeperIsOvertaken(t *testing.T) {
	store := new(mem.Backend)
	sleeper := recordOf(t, swapless{store})
	version, err := sleeper.Swap(t.Context(), storage.RecordVersion{}, []byte("0"))
	must(t, err)
	for i := range 40 {
		must(t, step(t.Context(), recordOf(t, swapless{store}), func(string) string { return fmt.Sprint("others ", i) }))
	}
	if keys := strings.Join(keysOf(t, store), " "); strings.Contains(keys, "/00000000000000000002") {
		t.Fatalf("the number is not free: %s", keys)
	}
	if _, err := sleeper.Swap(t.Context(), version, []byte("mine")); !errors.Is(err, backend.ErrChanged) {
		t.Errorf("the sleeper was told %v", err)
	}
	if data, _, err := sleeper.Read(t.Context()); string(data) != "others 39" || err != nil {
		t.Errorf("read %q, %v", data, err)
	}
}

// One store may be opened in two ways. Whoever comes second does as the first did, or
// is refused.
func TestARecordIsKeptOneWay(t *testing.T) {
	store := new(mem.Backend)
	able, unable := recordOf(t, store), recordOf(t, swapless{store})
	version, err := unable.Swap(t.Context(), storage.RecordVersion{}, []byte("numbered"))
	must(t, err)
	if _, err := able.Swap(t.Context(), storage.RecordVersion{}, []byte("swapped")); !errors.Is(err, backend.ErrChanged) {
		t.Errorf("two records were begun: %v", err)
	}
	if _, err = able.Swap(t.Context(), version, []byte("by the other")); err != nil {
		t.Error(err)
	}
	if data, _, err := unable.Read(t.Context()); string(data) != "by the other" || err != nil {
		t.Errorf("read %q, %v", data, err)
	}

	store = new(mem.Backend)
	able, unable = recordOf(t, store), recordOf(t, swapless{store})
	_, err = able.Swap(t.Context(), storage.RecordVersion{}, []byte("swapped"))
	must(t, err)
	if _, err := unable.Swap(t.Context(), storage.RecordVersion{}, []byte("numbered")); !errors.Is(err, backend.ErrChanged) {
		t.Errorf("two records were begun: %v", err)
	}
	data, version, err := unable.Read(t.Context())
	if string(data) != "swapped" || err != nil {
		t.Errorf("read %q, %v", data, err)
	}
	if _, err := unable.Swap(t.Context(), version, []byte("x")); !errors.Is(err, errors.ErrUnsupported) || !strings.Contains(err.Error(), "as whoever made it did") {
		t.Errorf("it was changed: %v", err)
	}
}

// A process may die between the mark and the first content.
func TestAMarkAloneIsNoRecord(t *testing.T) {
	for name, next := range recordStores() {
		t.Run(name, func(t *testing.T) {
			store := new(mem.Backend)
			must(t, step(t.Context(), recordOf(t, swapless{store}), func(string) string { return "x" }))
			must(t, store.Delete(t.Context(), jobDir+"/_record.d/00000000000000000001"))
			must(t, step(t.Context(), recordOf(t, next(store)), func(old string) string { return old + "y" }))
			if data, _, err := recordOf(t, next(store)).Read(t.Context()); string(data) != "y" || err != nil {
				t.Errorf("read %q, %v", data, err)
			}
		})
	}
}

func TestARecordIsSmall(t *testing.T) {
	store := new(mem.Backend)
	r := recordOf(t, store)
	large := make([]byte, storage.MaxRecordSize+1)
	if _, err := r.Swap(t.Context(), storage.RecordVersion{}, large); !errors.Is(err, storage.ErrRecordTooLarge) {
		t.Errorf("%d bytes were written: %v", len(large), err)
	}
	w, err := store.Create(t.Context(), jobDir+"/_record", nil)
	must(t, err)
	_, err = w.Write(large)
	must(t, err)
	must(t, w.Commit())
	if _, _, err := r.Read(t.Context()); !errors.Is(err, storage.ErrRecordTooLarge) {
		t.Errorf("%d bytes were read: %v", len(large), err)
	}
}
