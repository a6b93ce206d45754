package fs

import (
	"context"
	"errors"
	"fmt"
	iofs "io/fs"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

var _ backend.Swapper = (*Backend)(nil)

// Swap replaces the file if its version is old. The new content is on the disk
// before the directory is locked; under the lock the version is compared and the
// new file renamed. Whoever dies in between leaves the old content and no lock.
func (b *Backend) Swap(ctx context.Context, key, old string, data []byte) (string, error) {
	w, err := b.create(ctx, "swap", key, &backend.CreateOptions{IfAbsent: old == ""})
	if err != nil {
		return "", err
	}
	defer w.Close()
	if _, err := w.Write(data); err != nil {
		return "", err
	}
	s := &swap{writer: w, old: old}
	if err := w.finish(s.compare); err != nil {
		if old == "" && errors.Is(err, iofs.ErrExist) {
			err = w.fail(backend.ErrChanged)
		}
		return "", err
	}
	return s.version, nil
}

// swap is the comparing half of a swap.
type swap struct {
	writer  *writer
	old     string
	version string // of the new content
}

// compare is called while the directory is locked. It makes the new version later
// than the old one, so that no version comes again, even if the clock goes back.
func (s *swap) compare() error {
	stat, err := s.writer.backend.stat(s.writer.key)
	there := ""
	switch {
	case err == nil:
		there = version(stat)
	case !errors.Is(err, iofs.ErrNotExist):
		return err
	}
	if there != s.old {
		return backend.ErrChanged
	}
	if err == nil {
		return s.later(stat.ModTime())
	}
	return s.later(time.Time{})
}

func (s *swap) later(than time.Time) error {
	stat, err := s.writer.file.Stat()
	if err != nil {
		return err
	}
	if !stat.ModTime().After(than) {
		s.writer.stamp(than.Add(time.Nanosecond))
		if stat, err = s.writer.file.Stat(); err == nil {
			err = s.writer.file.Sync()
		}
	}
	s.version = version(stat)
	return err
}

// noLock says why a directory could not be locked for a swap.
func noLock(err error) error {
	return fmt.Errorf("swapping needs a lock on the directory, which this file system refuses (network file systems do): %w: %w",
		errors.ErrUnsupported, reason(err))
}
