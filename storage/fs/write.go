package fs

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	iofs "io/fs"
	"os"
	"path"
	"strings"

	"github.com/cairnstate/cairn/storage/backend"
)

// Create begins to write a file, and makes the directories that it lies in.
func (b *Backend) Create(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
	if err := b.check(ctx, "create", key); err != nil {
		return nil, err
	}
	dir := path.Dir(key)
	if err := b.makeDirectory(dir); err != nil {
		return nil, b.fail("create", key, err)
	}
	temporary := path.Join(dir, newTemporary())
	file, err := b.tree.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, b.fail("create", key, err)
	}
	w := &writer{backend: b, ctx: ctx, key: key, file: file, temporary: temporary}
	w.ifAbsent = opts != nil && opts.IfAbsent
	return w, nil
}

// makeDirectory makes the directory and those above it, and forces the names of
// new ones to the disk: what is in them lives no longer than they do.
func (b *Backend) makeDirectory(dir string) error {
	err := b.tree.Mkdir(dir, 0o777)
	if errors.Is(err, iofs.ErrNotExist) {
		if err := b.makeDirectory(path.Dir(dir)); err != nil {
			return err
		}
		err = b.tree.Mkdir(dir, 0o777)
	}
	switch {
	case errors.Is(err, iofs.ErrExist):
		return nil
	case err != nil:
		return err
	}
	return b.syncDirectory(path.Dir(dir))
}

func (b *Backend) syncDirectory(dir string) error {
	directory, err := b.tree.OpenFile(dir, os.O_RDONLY, 0)
	if err != nil {
		return err
	}
	defer directory.Close()
	return directory.Sync()
}

const (
	temporaryPrefix = ".cairn-"
	temporarySuffix = ".tmp"
)

// newTemporary returns a name that no other writer has, in this process or
// another.
func newTemporary() string {
	var id [12]byte
	rand.Read(id[:]) // never fails
	return temporaryPrefix + hex.EncodeToString(id[:]) + temporarySuffix
}

func isTemporary(name string) bool {
	return strings.HasPrefix(name, temporaryPrefix) && strings.HasSuffix(name, temporarySuffix)
}

var (
	errClosed    = errors.New("already closed")
	errCommitted = errors.New("already committed")
	errNoLinks   = errors.New("exclusive creation needs hard links, which this file system refuses")
)

// writer writes a temporary file beside its target.
type writer struct {
	backend   *Backend
	ctx       context.Context
	key       string
	ifAbsent  bool
	file      *os.File
	temporary string
	done      error // nil while it may be written
}

func (w *writer) Write(p []byte) (int, error) {
	if err := w.usable(); err != nil {
		return 0, err
	}
	n, err := w.file.Write(p)
	if err != nil {
		err = w.fail(err)
	}
	return n, err
}

// Commit publishes the file. The steps are in the one order that survives a power
// failure between any two of them: bytes, name, directory.
func (w *writer) Commit() error {
	if err := w.usable(); err != nil {
		return err
	}
	w.done = errCommitted
	defer w.discard() //nolint:errcheck // by then the object is there, or another error says why not
	if err := w.file.Sync(); err != nil {
		return w.fail(err)
	}
	if err := w.publish(); err != nil {
		return w.fail(err)
	}
	if err := w.backend.syncDirectory(path.Dir(w.key)); err != nil {
		return w.fail(fmt.Errorf("published, but perhaps not yet durable: %w", reason(err)))
	}
	return nil
}

func (w *writer) publish() error {
	if !w.ifAbsent {
		return w.backend.tree.Rename(w.temporary, w.key)
	}
	err := w.backend.tree.Link(w.temporary, w.key)
	if errors.Is(err, iofs.ErrPermission) || errors.Is(err, errors.ErrUnsupported) {
		return fmt.Errorf("%w: %w", errNoLinks, reason(err))
	}
	return err
}

// Close abandons what was not committed.
func (w *writer) Close() error {
	if w.done != nil {
		return nil
	}
	w.done = errClosed
	if err := w.discard(); err != nil {
		return w.fail(err)
	}
	return nil
}

// discard closes the temporary file and removes its name, if it still has one.
func (w *writer) discard() error {
	closed := w.file.Close()
	removed := w.backend.tree.Remove(w.temporary)
	if errors.Is(removed, iofs.ErrNotExist) {
		removed = nil
	}
	return errors.Join(closed, removed)
}

func (w *writer) usable() error {
	if w.done != nil {
		return w.fail(w.done)
	}
	if err := w.ctx.Err(); err != nil {
		return w.fail(err)
	}
	return nil
}

func (w *writer) fail(err error) error { return w.backend.fail("create", w.key, err) }
