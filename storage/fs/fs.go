package fs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	iofs "io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/param"
)

// Backend stores objects as files below a directory. It is safe for use by many
// goroutines and processes at once.
type Backend struct {
	tree        tree
	path        string // what the keys are relative to, with slashes; empty for "/"
	readOnly    bool
	directories directories
	doubts      doubts
}

var _ interface {
	backend.Backend
	backend.Limited
} = (*Backend)(nil)

// New returns the backend of a directory, which must exist. No symbolic link
// leads out of it: those that try are [backend.ErrEscapes], absolute ones
// included.
func New(dir string) (*Backend, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return nil, &backend.Error{Backend: "file", Op: "open the directory", Key: dir, Err: err}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, &backend.Error{Backend: "file", Op: "open the directory", Key: dir, Err: reason(err)}
	}
	return &Backend{tree: confined{root}, path: filepath.ToSlash(absolute)}, nil
}

// Open is the [backend.Opener] of the scheme file. Keys are absolute paths
// without the first slash, and the authority is empty. The package comment has
// the parameters.
func Open(_ context.Context, root backend.Root) (backend.Backend, error) {
	if root.Authority != "" {
		return nil, configureError(root, fmt.Errorf("a local path has no host: write %s:///%s/… for a path that begins with /%[2]s",
			root.Scheme, root.Authority))
	}
	values, err := param.Known{"read-only"}.Read(root.Params)
	if err != nil {
		return nil, configureError(root, err)
	}
	readOnly, err := values.Bool("read-only")
	if err != nil {
		return nil, configureError(root, err)
	}
	b := &Backend{tree: machine{}}
	if readOnly != nil && *readOnly {
		b.tree, b.readOnly = looking{b.tree}, true
	}
	return b, nil
}

// Limits returns what files cannot do: an element of a key is the name of one.
func (b *Backend) Limits() backend.Limits {
	const name, path = 255, 4095 // of Linux; others allow no more
	return backend.Limits{MaxElement: name, MaxKey: path - len(b.path) - 1, ReadOnly: b.readOnly, NoSwap: b.readOnly || !canLock}
}

// Stat describes the file. What it does not find stays gone after a power failure:
// whoever deleted it may have died before that was certain, and the caller may delete
// what only made sense together with it.
func (b *Backend) Stat(ctx context.Context, key string) (backend.Info, error) {
	if err := b.check(ctx, "stat", key); err != nil {
		return backend.Info{}, err
	}
	stat, err := b.stat(key)
	if errors.Is(err, iofs.ErrNotExist) && !b.readOnly {
		err = cmp.Or(b.settleAbsence(path.Dir(key)), err)
	}
	if err != nil {
		return backend.Info{}, b.fail("stat", key, err)
	}
	return info(key, stat), nil
}

// settleAbsence forces to the disk that something is not in the directory.
func (b *Backend) settleAbsence(dir string) error {
	if err := b.syncNearest(dir); err != nil && !cannotSync(err) {
		return fmt.Errorf("it is gone, but perhaps not for good: %w", reason(err))
	}
	return nil
}

func (b *Backend) stat(key string) (iofs.FileInfo, error) {
	stat, err := b.tree.Stat(key)
	if err == nil {
		err = regular(stat)
	}
	return stat, absent(err)
}

// Close releases the directory.
func (b *Backend) Close() error { return b.tree.Close() }

// check refuses what no verb should touch the disk for.
func (b *Backend) check(ctx context.Context, op, key string) error {
	if err := ctx.Err(); err != nil {
		return b.fail(op, key, err)
	}
	if !backend.ValidKey(key) {
		return b.fail(op, key, fmt.Errorf("%w: a key is names joined by single slashes, none of them empty or dots alone", iofs.ErrInvalid))
	}
	if isTemporary(path.Base(key)) {
		return b.fail(op, key, fmt.Errorf("%w: names like this are kept for files that are being written", iofs.ErrInvalid))
	}
	return nil
}

// checkWrite refuses as well what would write.
func (b *Backend) checkWrite(ctx context.Context, op, key string) error {
	if b.readOnly {
		return b.fail(op, key, backend.ErrReadOnly)
	}
	return b.check(ctx, op, key)
}

func (b *Backend) fail(op, key string, err error) error {
	return &backend.Error{Backend: "file", Op: op, Key: key, Name: b.name(key), Err: b.explain(err)}
}

// name is the whole path, which people look for. A key that is none has no path.
func (b *Backend) name(key string) string {
	if key != "" && !backend.ValidKey(key) {
		return ""
	}
	return b.path + "/" + key
}

func configureError(root backend.Root, err error) error {
	return &backend.Error{Backend: root.Scheme, Op: "configure", Err: err}
}

func info(key string, stat iofs.FileInfo) backend.Info {
	return backend.Info{Key: key, Size: stat.Size(), ModTime: stat.ModTime(), Version: version(stat)}
}
