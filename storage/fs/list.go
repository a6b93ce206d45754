package fs

import (
	"context"
	"errors"
	iofs "io/fs"
	"iter"
	"os"
	"slices"
	"strings"

	"github.com/cairnstate/cairn/storage/backend"
)

// List yields the files below the directory. Each directory is read when its
// turn comes, so what is created meanwhile may be seen or not.
func (b *Backend) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		w := &walk{backend: b, ctx: ctx}
		w.visit = func(key string, stat iofs.FileInfo) bool { return yield(info(key, stat), nil) }
		w.failed = func(key string, err error) { yield(backend.Info{}, b.fail("list", key, err)) }
		if prefix != "" && !backend.ValidKey(prefix) {
			w.failed(prefix, iofs.ErrInvalid)
			return
		}
		w.directory(prefix)
	}
}

// walk is one pass over a directory and those below it, for objects or for what
// is temporary. Its methods report whether to go on.
type walk struct {
	backend   *Backend
	ctx       context.Context
	temporary bool
	visit     func(key string, stat iofs.FileInfo) bool
	failed    func(key string, err error) // ends the walk
}

func (w *walk) directory(key string) bool {
	if err := w.ctx.Err(); err != nil {
		return w.fail(key, err)
	}
	entries, err := w.read(key)
	switch {
	case errors.Is(absent(err), iofs.ErrNotExist):
		return true
	case err != nil:
		return w.fail(key, err)
	}
	for _, entry := range entries {
		if !w.entry(join(key, entry.Name()), entry) {
			return false
		}
	}
	return true
}

func (w *walk) entry(key string, entry iofs.DirEntry) bool {
	if entry.IsDir() {
		return w.directory(key)
	}
	if err := w.ctx.Err(); err != nil {
		return w.fail(key, err)
	}
	if isTemporary(entry.Name()) != w.temporary {
		return true
	}
	stat, err := w.backend.tree.Stat(key) // of what a link leads to, as Open
	link := entry.Type()&iofs.ModeSymlink != 0
	switch {
	case err != nil && !link && !errors.Is(absent(err), iofs.ErrNotExist):
		return w.fail(key, err) // who deletes what is listed would leave it
	case err != nil || !stat.Mode().IsRegular():
		return true // gone meanwhile, or a link to nowhere: nothing that Open would open
	}
	return w.visit(key, stat)
}

func (w *walk) fail(key string, err error) bool {
	w.failed(key, err)
	return false
}

// read returns the entries of a directory in the order of the keys below it.
func (w *walk) read(key string) ([]iofs.DirEntry, error) {
	directory, err := w.backend.tree.OpenFile(join(key, "."), os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	defer directory.Close()
	entries, err := directory.ReadDir(-1)
	slices.SortFunc(entries, func(a, b iofs.DirEntry) int {
		return strings.Compare(sortKey(a), sortKey(b))
	})
	return entries, err
}

// sortKey puts "a-b" and "a.b" before what is in the directory "a", because
// their keys' bytes are less than those of "a/…".
func sortKey(entry iofs.DirEntry) string {
	if entry.IsDir() {
		return entry.Name() + "/"
	}
	return entry.Name()
}

func join(dir, name string) string {
	if dir == "" {
		return name
	}
	return dir + "/" + name
}
