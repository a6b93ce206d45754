package fs

import (
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

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

func (j *journal) OpenFile(name string, flag int, perm os.FileMode) (*os.File, error) {
	if flag&os.O_CREATE != 0 {
		j.note("create", name)
	} else {
		j.note("sync", name) // writing opens nothing else to read
	}
	if j.unsynced != nil && j.unsynced(name, flag) {
		_, w, err := os.Pipe() // which has no disk to be forced to
		return w, err
	}
	return j.tree.OpenFile(name, flag, perm)
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

func newJournal(t *testing.T) (*journal, *Backend) {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	j := &journal{tree: root}
	return j, &Backend{tree: j}
}

// The order of writes is what survives a crash: a new directory's name is synced
// before anything is in it, the object's name after it is there, and what is
// removed is removed last.
func TestOrderOfWrites(t *testing.T) {
	for name, test := range map[string]struct {
		opts *backend.CreateOptions
		want []string
	}{
		"replace": {nil, []string{
			"mkdir a", "sync .", "mkdir a/b", "sync a", "create a/b/TEMP",
			"rename a/b/TEMP a/b/object", "sync a/b", "remove a/b/TEMP",
		}},
		"exclusive": {&backend.CreateOptions{IfAbsent: true}, []string{
			"mkdir a", "sync .", "mkdir a/b", "sync a", "create a/b/TEMP",
			"link a/b/TEMP a/b/object", "sync a/b", "remove a/b/TEMP",
		}},
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
			if !slices.Equal(j.lines, test.want) {
				t.Errorf("did\n  %s\nwant\n  %s", strings.Join(j.lines, "\n  "), strings.Join(test.want, "\n  "))
			}
		})
	}
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
