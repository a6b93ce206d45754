package fs

import (
	"errors"
	iofs "io/fs"
	"net/url"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

// Whatever is asked of a backend that only reads, the disk is asked to open for
// reading and nothing else.
func TestReadOnly(t *testing.T) {
	j, store := newJournal(t)
	if _, err := store.Swap(t.Context(), "dir/object", "", []byte("content")); err != nil {
		t.Fatal(err)
	}
	j.lines = nil
	store = &Backend{tree: looking{j}, readOnly: true}
	ctx := t.Context()
	_, createErr := store.Create(ctx, "dir/new", nil)
	_, swapErr := store.Swap(ctx, "dir/object", "", nil)
	_, sweepErr := store.Sweep(ctx, "", 0)
	for verb, err := range map[string]error{
		"create": createErr, "swap": swapErr, "sweep": sweepErr, "copy": store.Copy(ctx, "dir/object", "new", nil),
		"delete": store.Delete(ctx, "dir/object"), "delete all": store.DeleteAll(ctx, []string{"dir/object"}),
	} {
		if !errors.Is(err, backend.ErrReadOnly) {
			t.Errorf("%s gives %v, want ErrReadOnly", verb, err)
		}
	}
	r, err := store.Open(ctx, "dir/object", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	j.expect(t)
	if limits := store.Limits(); !limits.ReadOnly || !limits.NoSwap {
		t.Errorf("limits are %+v", limits)
	}
}

// The tree refuses by itself: should a verb forget to, nothing is written either.
func TestLookingChangesNothing(t *testing.T) {
	j, store := newJournal(t)
	careless := &Backend{tree: looking{j}} // believes that it may write
	for verb, err := range map[string]error{
		"create": errOf(careless.Create(t.Context(), "a/b", nil)),
		"delete": careless.Delete(t.Context(), "object"),
		"mkdir":  careless.tree.Mkdir("a", 0o777), "rename": careless.tree.Rename("object", "b"),
		"link": careless.tree.Link("object", "b"), "remove": careless.tree.Remove("object"),
		"rmdir": careless.tree.Rmdir("a"), "stamp": careless.tree.Chtimes("object", time.Now(), time.Now()),
	} {
		if verb != "delete" && !errors.Is(err, backend.ErrReadOnly) { // there is nothing to delete
			t.Errorf("%s gives %v, want ErrReadOnly", verb, err)
		}
	}
	for _, flag := range []int{os.O_WRONLY, os.O_RDWR, os.O_CREATE, os.O_TRUNC, os.O_APPEND} {
		if f, err := careless.tree.OpenFile("new", flag, 0o666); f != nil || !errors.Is(err, backend.ErrReadOnly) {
			t.Errorf("opening with %#x gives %v, want ErrReadOnly", flag, err)
		}
	}
	if slices.ContainsFunc(j.lines, func(line string) bool { return line != "sync ." }) {
		t.Errorf("the disk was asked to %q", j.lines)
	}
	for info := range store.List(t.Context(), "") {
		t.Errorf("there is %q", info.Key)
	}
}

func errOf(_ backend.Writer, err error) error { return err }

func TestOpenReadOnly(t *testing.T) {
	for value, readOnly := range map[string]bool{"true": true, "false": false} {
		b, err := Open(t.Context(), backend.Root{Scheme: "file", Params: url.Values{"read-only": {value}}})
		if err != nil {
			t.Fatal(err)
		}
		if got := backend.LimitsOf(b).ReadOnly; got != readOnly {
			t.Errorf("read-only=%s opens a backend with ReadOnly %v", value, got)
		}
	}
}

// locked is a disk without locks on directories, as most network file systems are.
type locked struct{ tree }

func (locked) TryLock(file, bool) error {
	return &iofs.PathError{Op: "flock", Err: errors.ErrUnsupported}
}

func TestWithoutLocks(t *testing.T) {
	j, _ := newJournal(t)
	store := &Backend{tree: locked{j}}
	if err := write(store, "object", "content", nil, backend.Writer.Commit); err != nil {
		t.Errorf("writing without locks gives %v", err)
	}
	if _, err := store.Swap(t.Context(), "object", "", nil); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("swapping without locks gives %v, want errors.ErrUnsupported", err)
	}
	if err := store.tree.Mkdir("dir", 0o777); err != nil {
		t.Fatal(err)
	}
	left, err := store.tree.OpenFile("dir/"+newTemporary(), os.O_WRONLY|os.O_CREATE, 0o666)
	if err != nil {
		t.Fatal(err)
	}
	defer left.Close()
	if removed, err := store.Sweep(t.Context(), "", 0); len(removed) != 0 || !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("sweeping without locks removed %q, %v", removed, err)
	}
}
