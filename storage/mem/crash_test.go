package mem_test

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
)

// content describes a store in one line: "a=first b=second".
func content(t *testing.T, store *mem.Backend) string {
	t.Helper()
	var objects []string
	for info, err := range store.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		objects = append(objects, info.Key+"="+read(t, store, info.Key, ""))
	}
	return strings.Join(objects, " ")
}

func TestACrashTakesWhatIsNotCommitted(t *testing.T) {
	store := new(mem.Backend)
	put(t, store, "a", "whole")
	w, err := store.Create(t.Context(), "b", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	fmt.Fprint(w, "half")

	image := store.Crash(mem.Loss{})
	if got := content(t, image); got != "a=whole" {
		t.Errorf("after the crash there is %q", got)
	}
	if got := image.Unfinished(); !slices.Equal(got, []string{"b"}) {
		t.Errorf("what the writer left is told as %q", got)
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	put(t, image, "c", "new")
	if got, want := content(t, store)+"; "+content(t, image), "a=whole b=half; a=whole c=new"; got != want {
		t.Errorf("store and image are %q, want %q: they are not apart", got, want)
	}
	if got := store.Unfinished(); len(got) != 0 {
		t.Errorf("unfinished after all ended: %q", got)
	}
}

// Each step of a story has its image.
func TestImagesOfEachStep(t *testing.T) {
	store := &mem.Backend{Remember: 10}
	put(t, store, "a", "1")
	put(t, store, "b", "1")
	put(t, store, "a", "2")
	if err := store.DeleteAll(t.Context(), []string{"a", "none"}); err != nil {
		t.Fatal(err)
	}
	for n, want := range []string{"b=1", "a=2 b=1", "a=1 b=1", "a=1", "", ""} {
		if got := content(t, store.Crash(mem.Loss{Changes: n})); got != want {
			t.Errorf("without the last %d changes there is %q, want %q", n, got, want)
		}
	}
}

func TestDeletesThatNeverReachedTheDisk(t *testing.T) {
	store := &mem.Backend{Remember: 4}
	for _, key := range []string{"a", "b", "c"} {
		put(t, store, key, "1")
		if err := store.Delete(t.Context(), key); err != nil {
			t.Fatal(err)
		}
	}
	put(t, store, "c", "2")
	// Four changes are remembered: b's delete is the oldest of them.
	for n, want := range []string{"c=2", "c=2", "b=1 c=2", "b=1 c=2"} {
		if got := content(t, store.Crash(mem.Loss{Deletes: n})); got != want {
			t.Errorf("without the last %d deletes there is %q, want %q", n, got, want)
		}
	}
}

func TestVersionsNeverRepeat(t *testing.T) {
	store := new(mem.Backend)
	seen := map[string]bool{"": true}
	note := func(how string) string {
		info, err := store.Stat(t.Context(), "key")
		if err != nil {
			t.Fatal(err)
		}
		if seen[info.Version] {
			t.Errorf("%s: version %q was there before, or is none", how, info.Version)
		}
		seen[info.Version] = true
		return info.Version
	}
	put(t, store, "key", "same")
	first := note("created")
	put(t, store, "key", "same")
	note("replaced")
	if err := store.Delete(t.Context(), "key"); err != nil {
		t.Fatal(err)
	}
	put(t, store, "key", "same")
	note("deleted and created")
	if err := store.Copy(t.Context(), "key", "key", nil); err != nil {
		t.Fatal(err)
	}
	last := note("copied onto itself")
	if got := read(t, store, "key", last); got != "same" {
		t.Errorf("read %q", got)
	}
	if _, err := store.Open(t.Context(), "key", &backend.OpenOptions{Version: first}); !errors.Is(err, backend.ErrChanged) {
		t.Errorf("opening a version that is gone gives %v, want ErrChanged", err)
	}
}

func TestSwap(t *testing.T) {
	store := new(mem.Backend)
	data := []byte("first")
	first, err := store.Swap(t.Context(), "key", "", data)
	if err != nil {
		t.Fatal(err)
	}
	data[0] = 'X'
	if got := read(t, store, "key", first); got != "first" {
		t.Errorf("after creating by swap there is %q", got)
	}
	second, err := store.Swap(t.Context(), "key", first, []byte("second"))
	if err != nil || second == first {
		t.Errorf("swapping gives version %q, %v", second, err)
	}
	for _, old := range []string{"", first, "no such"} {
		if _, err := store.Swap(t.Context(), "key", old, nil); !errors.Is(err, backend.ErrChanged) {
			t.Errorf("swapping from %q gives %v, want ErrChanged", old, err)
		}
	}
	if _, err := store.Swap(t.Context(), "absent", second, nil); !errors.Is(err, backend.ErrChanged) {
		t.Errorf("swapping what is gone gives %v, want ErrChanged", err)
	}
	if got := read(t, store, "key", second); got != "second" {
		t.Errorf("in the end there is %q", got)
	}
}

func TestCopy(t *testing.T) {
	store := new(mem.Backend)
	put(t, store, "from", "content")
	if err := store.Copy(t.Context(), "from", "to", &backend.CreateOptions{IfAbsent: true}); err != nil {
		t.Fatal(err)
	}
	if got := content(t, store); got != "from=content to=content" {
		t.Errorf("after copying there is %q", got)
	}
	if err := store.Copy(t.Context(), "from", "to", &backend.CreateOptions{IfAbsent: true}); !errors.Is(err, fs.ErrExist) {
		t.Errorf("copying over what exists gives %v, want fs.ErrExist", err)
	}
	if err := store.Copy(t.Context(), "absent", "to", nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("copying what is absent gives %v, want fs.ErrNotExist", err)
	}
}

func TestDeleteAllGoesOn(t *testing.T) {
	store := new(mem.Backend)
	put(t, store, "a", "1")
	put(t, store, "b", "1")
	err := store.DeleteAll(t.Context(), []string{"a", "/", "b"})
	if !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("deleting what is no key gives %v, want fs.ErrInvalid", err)
	}
	if got := content(t, store); got != "" {
		t.Errorf("left is %q", got)
	}
}

func TestMemoryIsNotDurable(t *testing.T) {
	if err := backend.Require(new(mem.Backend), backend.Durability); !errors.Is(err, backend.ErrLimited) {
		t.Errorf("requiring durability of memory gives %v, want ErrLimited", err)
	}
	if err := backend.Require(new(mem.Backend), backend.ExclusiveCreate, backend.Swapping, backend.Writing); err != nil {
		t.Error(err)
	}
}
