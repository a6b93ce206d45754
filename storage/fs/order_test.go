package fs

import (
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

// journal is a tree that writes down what is done to it, and can hand out files
// that cannot be synced.
type journal struct {
	tree
	lines    []string
	unsynced func(name string, flag int) bool // files to hand out a pipe for
}

var temporaryName = regexp.MustCompile(`\.cairn-[0-9a-f]{24}\.tmp`)

func (j *journal) note(words ...string) {
	line := temporaryName.ReplaceAllString(strings.Join(words, " "), "TEMP")
	j.lines = append(j.lines, line)
}

func (j *journal) OpenFile(name string, flag int, perm os.FileMode) (file, error) {
	if flag&os.O_CREATE != 0 {
		j.note("create", name)
	}
	if j.unsynced != nil && j.unsynced(name, flag) {
		_, w, err := os.Pipe() // which has no disk to be forced to
		return noted{w, j, name}, err
	}
	f, err := j.tree.OpenFile(name, flag, perm)
	if err != nil {
		return nil, err
	}
	return noted{f, j, name}, nil
}

func (j *journal) TryLock(f file, exclusive bool) error {
	opened := f.(noted)
	if exclusive {
		j.note("lock", opened.name)
	}
	return j.tree.TryLock(opened.file, exclusive)
}

func (j *journal) Chtimes(name string, accessed, modified time.Time) error {
	j.note("stamp", name)
	return j.tree.Chtimes(name, accessed, modified)
}

// noted is a file whose syncs are written down.
type noted struct {
	file
	journal *journal
	name    string
}

func (n noted) Sync() error {
	n.journal.note("sync", n.name)
	return n.file.Sync()
}

func (j *journal) Mkdir(name string, perm os.FileMode) error {
	err := j.tree.Mkdir(name, perm)
	if err == nil {
		j.note("mkdir", name)
	}
	return err
}

func (j *journal) Rename(from, to string) error {
	j.note("rename", from, to)
	return j.tree.Rename(from, to)
}

func (j *journal) Link(from, to string) error {
	j.note("link", from, to)
	return j.tree.Link(from, to)
}

func (j *journal) Remove(name string) error {
	j.note("remove", name)
	return j.tree.Remove(name)
}

func (j *journal) Rmdir(name string) error {
	err := j.tree.Rmdir(name)
	if err == nil {
		j.note("rmdir", name)
	}
	return err
}

func newJournal(t *testing.T) (*journal, *Backend) {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	j := &journal{tree: confined{root}}
	return j, &Backend{tree: j}
}

// The order of writes is what survives a crash: a new directory's name is synced
// before anything is in it, the object's bytes before its name is there, its name
// after, and what is removed is removed last.
func TestOrderOfWrites(t *testing.T) {
	begin := []string{"mkdir a", "sync .", "mkdir a/b", "sync a", "create a/b/TEMP", "lock a/b/TEMP"}
	for name, test := range map[string]struct {
		opts *backend.CreateOptions
		want []string
	}{
		"replace":   {nil, []string{"rename a/b/TEMP a/b/object", "sync a/b", "remove a/b/TEMP"}},
		"exclusive": {&backend.CreateOptions{IfAbsent: true}, []string{"link a/b/TEMP a/b/object", "sync a/b", "remove a/b/TEMP"}},
	} {
		t.Run(name, func(t *testing.T) {
			j, store := newJournal(t)
			w, err := store.Create(t.Context(), "a/b/object", test.opts)
			if err != nil {
				t.Fatal(err)
			}
			defer w.Close()
			if err := w.Commit(); err != nil {
				t.Fatal(err)
			}
			j.expect(t, slices.Concat(begin, []string{"stamp a/b/TEMP", "sync a/b/TEMP"}, test.want)...)
		})
	}
}

// expect compares what was done with what should have been, and begins anew.
func (j *journal) expect(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(j.lines, want) {
		t.Errorf("did\n  %s\nwant\n  %s", strings.Join(j.lines, "\n  "), strings.Join(want, "\n  "))
	}
	j.lines = nil
}

// A swap compares under the lock of the directory, and syncs nothing there but the
// directory.
func TestOrderOfASwap(t *testing.T) {
	j, store := newJournal(t)
	first, err := store.Swap(t.Context(), "object", "", []byte("1"))
	if err != nil {
		t.Fatal(err)
	}
	j.lines = nil
	if _, err := store.Swap(t.Context(), "object", first, []byte("2")); err != nil {
		t.Fatal(err)
	}
	j.expect(t, "create TEMP", "lock TEMP", "stamp TEMP", "sync TEMP", "lock .", "rename TEMP object", "sync .", "remove TEMP")
}

// Deleting many is one sync for each directory, and the directories go that are
// empty then; the last that is left is the one to sync.
func TestOrderOfDeletes(t *testing.T) {
	j, store := newJournal(t)
	for _, key := range []string{"a/b/1", "a/b/2", "a/c/3", "d/4", "d/5"} {
		if _, err := store.Swap(t.Context(), key, "", nil); err != nil {
			t.Fatal(err)
		}
	}
	j.lines = nil
	if err := store.DeleteAll(t.Context(), []string{"a/b/1", "d/4", "a/b/2", "a/c/3"}); err != nil {
		t.Fatal(err)
	}
	j.expect(t, "remove a/b/1", "remove a/b/2", "rmdir a/b", "sync a", "remove d/4", "sync d", "remove a/c/3", "rmdir a/c", "rmdir a", "sync .")
	if err := store.Delete(t.Context(), "a/b/1"); err != nil { // it may have been deleted by who died before the sync
		t.Fatal(err)
	}
	j.expect(t, "sync .")
}

// A file that cannot be forced to the disk gets no name.
func TestNothingIsPublishedUnsynced(t *testing.T) {
	j, store := newJournal(t)
	j.unsynced = func(_ string, flag int) bool { return flag&os.O_CREATE != 0 }
	w, err := store.Create(t.Context(), "object", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := w.Commit(); !errors.Is(err, syscall.EINVAL) {
		t.Errorf("Commit of a file that cannot be synced: %v, want EINVAL", err)
	}
	if slices.ContainsFunc(j.lines, func(line string) bool { return strings.HasPrefix(line, "rename") }) {
		t.Errorf("it was published: %q", j.lines)
	}
}

// A name that cannot be forced to the disk is there, and perhaps not for long:
// Commit must not say that all is well.
func TestCommitTellsThatTheDirectoryIsNotSynced(t *testing.T) {
	j, store := newJournal(t)
	j.unsynced = func(name string, _ int) bool { return name == "." }
	w, err := store.Create(t.Context(), "object", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := w.Commit(); !errors.Is(err, syscall.EINVAL) || !strings.Contains(err.Error(), "not yet durable") {
		t.Errorf("Commit: %v", err)
	}
}

// noLinks is a file system without hard links.
type noLinks struct{ tree }

func (noLinks) Link(from, to string) error {
	return &os.LinkError{Op: "link", Old: from, New: to, Err: syscall.EPERM}
}

func TestExclusiveCreationFailsWithoutLinks(t *testing.T) {
	j, _ := newJournal(t)
	store := &Backend{tree: noLinks{j.tree}}
	w, err := store.Create(t.Context(), "object", &backend.CreateOptions{IfAbsent: true})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := w.Commit(); err == nil || !strings.Contains(err.Error(), "hard links") {
		t.Errorf("Commit: %v, want an error that names hard links", err)
	}
}
