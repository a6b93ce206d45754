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
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

// Create begins to write a file, and makes the directories that it lies in.
func (b *Backend) Create(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
	w, err := b.create(ctx, "create", key, opts)
	if err != nil {
		return nil, err
	}
	return w, nil
}

func (b *Backend) create(ctx context.Context, op, key string, opts *backend.CreateOptions) (*writer, error) {
	if err := b.checkWrite(ctx, op, key); err != nil {
		return nil, err
	}
	w := &writer{backend: b, ctx: ctx, op: op, key: key, ifAbsent: opts != nil && opts.IfAbsent}
	if err := w.begin(path.Dir(key)); err != nil {
		return nil, w.fail(err)
	}
	return w, nil
}

// begin makes the temporary file. Somebody may remove the directory as empty just
// after it was made, so it is made again; a hundred times in a row is no chance.
func (w *writer) begin(dir string) error {
	w.temporary = path.Join(dir, newTemporary())
	for range 100 {
		err := w.backend.makeDirectory(dir)
		if err == nil {
			w.file, err = w.backend.tree.OpenFile(w.temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		}
		switch {
		case err == nil:
			_ = w.backend.tree.TryLock(w.file, true) // for Sweep, which removes nothing where this cannot be
			return nil
		case !errors.Is(err, iofs.ErrNotExist):
			return err
		case w.ctx.Err() != nil:
			return w.ctx.Err()
		}
		w.backend.directories.forgetAll()
	}
	return fmt.Errorf("%w: the directory is removed whenever it is made", iofs.ErrNotExist)
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
	op        string // what it is part of, for errors
	key       string
	ifAbsent  bool
	file      file
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

// Commit publishes the file.
func (w *writer) Commit() error { return w.finish(nil) }

// finish publishes the file. The steps are in the one order that survives a power
// failure between any two of them: bytes, name, directory. A guard is asked once
// nobody else can replace what is there, and may refuse.
//
// Where a sync fails nothing is tried again: the system may have dropped what it
// could not write, and would say that all is well.
func (w *writer) finish(guard func() error) error {
	if err := w.usable(); err != nil {
		return err
	}
	w.done = errCommitted
	defer w.discard() //nolint:errcheck // by then the object is there, or another error says why not
	w.stamp(time.Time{})
	if err := w.file.Sync(); err != nil {
		return w.fail(err)
	}
	directory, err := w.backend.hold(w.ctx, path.Dir(w.key), guard != nil)
	if err != nil && guard != nil && w.ctx.Err() == nil {
		err = noLock(err)
	}
	if err != nil {
		return w.fail(err)
	}
	defer directory.Close()
	if guard != nil {
		err = guard()
	}
	if err == nil {
		err = w.publish()
	}
	return w.settle(err, directory)
}

// settle forces the directory to the disk after publishing, and when publishing
// was refused for what is there already, too: whoever made that may have died
// before the sync, and the caller will rely on it.
func (w *writer) settle(err error, directory file) error {
	refused := errors.Is(err, iofs.ErrExist) || errors.Is(err, backend.ErrChanged)
	if err != nil && !refused {
		return w.fail(err)
	}
	synced := undurable(directory.Sync(), "published")
	if synced != nil && !refused {
		w.takeBack()
	}
	if err = errors.Join(err, synced); err != nil {
		return w.fail(err)
	}
	w.backend.doubts.settled(w.key)
	return nil
}

// takeBack removes what was created exclusively and perhaps is not durable. Who
// settles a doubt by reading would take it for done.
func (w *writer) takeBack() {
	if !w.ifAbsent || !w.isThere() {
		return
	}
	if err := w.backend.tree.Remove(w.key); err != nil && !errors.Is(err, iofs.ErrNotExist) {
		w.backend.doubts.add(w.key)
	}
}

// isThere reports whether the object is the file that we wrote.
func (w *writer) isThere() bool {
	ours, err := w.file.Stat()
	there, statErr := w.backend.tree.Stat(w.key)
	return err == nil && statErr == nil && version(ours) == version(there)
}

// publish gives the file its name. A link may have been made although the answer is
// an error, even that there is one: on a disk behind a network it is asked for again
// if an answer gets lost. What is there then still has to be made durable.
func (w *writer) publish() error {
	if !w.ifAbsent {
		return w.backend.tree.Rename(w.temporary, w.key)
	}
	err := w.backend.tree.Link(w.temporary, w.key)
	if err != nil && w.isThere() {
		return nil
	}
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

func (w *writer) fail(err error) error { return w.backend.fail(w.op, w.key, err) }
