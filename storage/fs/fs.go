package fs

import (
	"context"
	"errors"
	"fmt"
	iofs "io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/cairnstate/cairn/storage/backend"
)

// Backend stores objects as files below a directory. It is safe for use by many
// goroutines and processes at once.
type Backend struct {
	tree tree
	root string // what the keys are relative to, for people
}

var _ backend.Backend = (*Backend)(nil)

// New returns the backend of a directory, which must exist. No symbolic link
// leads out of it: those that try are [backend.ErrEscapes], absolute ones
// included.
func New(dir string) (*Backend, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, &backend.Error{Backend: "file", Op: "open the directory", Key: dir, Err: reason(err)}
	}
	return &Backend{tree: root, root: fmt.Sprintf("directory %q", dir)}, nil
}

// Open is the [backend.Opener] of the scheme file. Keys are absolute paths
// without the first slash, the authority is empty and there are no parameters.
func Open(_ context.Context, root backend.Root) (backend.Backend, error) {
	if root.Authority != "" {
		return nil, configureError(root, fmt.Errorf("a local path has no host: write %s:///%s/… for a path that begins with /%[2]s",
			root.Scheme, root.Authority))
	}
	if len(root.Params) > 0 {
		names := slices.Sorted(maps.Keys(root.Params))
		return nil, configureError(root, fmt.Errorf("unknown parameter %s: local files have none", strings.Join(names, ", ")))
	}
	return &Backend{tree: machine{}, root: `directory "/"`}, nil
}

// Stat describes the file.
func (b *Backend) Stat(ctx context.Context, key string) (backend.Info, error) {
	if err := b.check(ctx, "stat", key); err != nil {
		return backend.Info{}, err
	}
	stat, err := b.tree.Stat(key)
	if err == nil {
		err = regular(stat)
	}
	if err != nil {
		return backend.Info{}, b.fail("stat", key, absent(err))
	}
	return info(key, stat), nil
}

// Delete removes the file, and no directory.
func (b *Backend) Delete(ctx context.Context, key string) error {
	if err := b.check(ctx, "delete", key); err != nil {
		return err
	}
	stat, err := b.tree.Lstat(key)
	if err == nil && !stat.IsDir() { // removing an empty directory would succeed
		err = b.tree.Remove(key)
	}
	if err != nil && !errors.Is(absent(err), iofs.ErrNotExist) {
		return b.fail("delete", key, err)
	}
	return nil
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

func (b *Backend) fail(op, key string, err error) error {
	return &backend.Error{Backend: "file", Op: op, Key: key, Root: b.root, Err: b.explain(err)}
}

func configureError(root backend.Root, err error) error {
	return &backend.Error{Backend: root.Scheme, Op: "configure", Err: err}
}

func info(key string, stat iofs.FileInfo) backend.Info {
	return backend.Info{Key: key, Size: stat.Size(), ModTime: stat.ModTime()}
}
