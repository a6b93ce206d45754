package fs_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fs"
)

func TestSwap(t *testing.T) {
	store := newBackend(t, t.TempDir())
	first, err := store.Swap(t.Context(), "job/latest", "", []byte("1"))
	must(t, err)
	if told := stat(t, store, "job/latest").Version; told != first {
		t.Errorf("Swap tells version %q, Stat %q", first, told)
	}
	second, err := store.Swap(t.Context(), "job/latest", first, []byte("1"))
	must(t, err)
	for _, old := range []string{"", first, "none"} {
		if _, err := store.Swap(t.Context(), "job/latest", old, []byte("3")); !errors.Is(err, backend.ErrChanged) {
			t.Errorf("swapping from %q gives %v, want ErrChanged", old, err)
		}
	}
	if _, err := store.Swap(t.Context(), "job/none", second, nil); !errors.Is(err, backend.ErrChanged) {
		t.Errorf("swapping what is not there gives %v, want ErrChanged", err)
	}
	if got := read(t, store, "job/latest", &backend.OpenOptions{Version: second}); got != "1" {
		t.Errorf("in the end there is %q", got)
	}
}

const (
	counterVariable = "CAIRN_TEST_COUNT_IN"
	counts          = 40
)

// Processes count in one object, each by swapping. No number is lost.
func TestSwapBetweenProcesses(t *testing.T) {
	if dir := os.Getenv(counterVariable); dir != "" {
		store := newBackend(t, dir)
		for range counts {
			count(t, store)
		}
		return
	}
	dir := t.TempDir()
	var counters []*exec.Cmd
	for range 3 {
		counter := exec.Command(os.Args[0], "-test.run=^TestSwapBetweenProcesses$")
		counter.Env = append(os.Environ(), counterVariable+"="+dir)
		must(t, counter.Start())
		counters = append(counters, counter)
	}
	for _, counter := range counters {
		if err := counter.Wait(); err != nil {
			t.Errorf("a counter failed: %v", err)
		}
	}
	if got, want := read(t, newBackend(t, dir), "count", nil), fmt.Sprint(3*counts); got != want {
		t.Errorf("counted to %s, want %s", got, want)
	}
}

// count adds one, however often that takes.
func count(t *testing.T, store *fs.Backend) {
	t.Helper()
	for {
		version, number := "", 0
		if info, err := store.Stat(t.Context(), "count"); err == nil {
			version = info.Version
			r, err := store.Open(t.Context(), "count", &backend.OpenOptions{Version: version})
			if errors.Is(err, backend.ErrChanged) {
				continue
			}
			must(t, err)
			text := make([]byte, 20)
			n, _ := r.Read(text)
			must(t, r.Close())
			number, err = strconv.Atoi(string(text[:n]))
			must(t, err)
		}
		_, err := store.Swap(t.Context(), "count", version, []byte(fmt.Sprint(number+1)))
		if errors.Is(err, backend.ErrChanged) {
			continue
		}
		must(t, err)
		return
	}
}

// Who replaces without looking is not overwritten by a swap that had looked before.
func TestSwapMindsThoseWhoDoNotSwap(t *testing.T) {
	dir := t.TempDir()
	var done sync.WaitGroup
	for round := range 30 {
		store := newBackend(t, dir)
		key := fmt.Sprint(round)
		version, err := store.Swap(t.Context(), key, "", []byte("seen"))
		must(t, err)
		var swapped error
		done.Go(func() { _, swapped = store.Swap(t.Context(), key, version, []byte("swapped")) })
		put(t, store, key, "put")
		done.Wait()
		if swapped == nil {
			continue // before the other
		}
		if got := read(t, store, key, nil); got != "put" || !errors.Is(swapped, backend.ErrChanged) {
			t.Errorf("the swap failed with %v, and there is %q", swapped, got)
		}
	}
}

// Directories are removed as empty while others are about to write into them.
func TestWritersAndDeletersOfOneDirectory(t *testing.T) {
	dir := t.TempDir()
	var done sync.WaitGroup
	for worker := range 4 {
		store := newBackend(t, dir)
		done.Go(func() {
			for range 50 {
				key := fmt.Sprintf("a/b/%d", worker)
				if _, err := store.Swap(t.Context(), key, "", []byte(key)); err != nil {
					t.Error(err)
				}
				if err := store.Delete(t.Context(), key); err != nil {
					t.Error(err)
				}
			}
		})
	}
	done.Wait()
	if got := entries(t, dir); len(got) > 1 {
		t.Errorf("left are %q", got)
	}
}
