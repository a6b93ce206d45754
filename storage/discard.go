package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage/backend"
)

// DiscardStates deletes the files of handles that no checkpoint uses any more, as
// few requests as the store allows. Files that are not there are deleted. It goes on
// after a failure; doing it again is safe.
//
// Only files in the checkpoint's own directories are deleted: its own one and, of a
// chk-N, those beside it; never a file named _metadata. What a user allowed to be
// read (Options) is not allowed to be deleted. A handle that leads elsewhere is
// [ErrOutsideAllowed], and then nothing is deleted. Inline state has no file, and
// merged files (segments) belong to those who write them: both are passed over.
//
// At a location that is no [StorageLocationDisposer] it is [errors.ErrUnsupported].
func DiscardStates(ctx context.Context, at CompletedCheckpointStorageLocation, handles []checkpoint.StreamStateHandle) error {
	disposer, ok := at.(StorageLocationDisposer)
	if !ok {
		return fmt.Errorf("storage: discard states of %s: %w", at.ExternalPointer(), errors.ErrUnsupported)
	}
	return disposer.DiscardStates(ctx, handles)
}

// DiscardStates deletes the files of handles.
func (l *location) DiscardStates(ctx context.Context, handles []checkpoint.StreamStateHandle) error {
	keys, err := l.discardable(ctx, handles)
	if err == nil {
		r := newRemoval(ctx, l.backend)
		for _, key := range keys {
			r.add(key)
		}
		err = r.wait()
	}
	if err != nil {
		return fmt.Errorf("storage: discard states of %s: %w", l, err)
	}
	return nil
}

// discardable returns the keys of the files behind the handles, all of which may be
// deleted; else an error.
func (l *location) discardable(ctx context.Context, handles []checkpoint.StreamStateHandle) ([]string, error) {
	var keys []string
	for _, handle := range handles {
		file, ok, err := l.fileOf(handle)
		if err == nil && ok {
			err = l.mayDelete(ctx, file)
		}
		if err != nil {
			return nil, err
		}
		if ok {
			keys = append(keys, file.Key())
		}
	}
	return keys, nil
}

// fileOf returns the file that goes with the handle, if there is one.
func (l *location) fileOf(handle checkpoint.StreamStateHandle) (Path, bool, error) {
	switch h := handle.(type) {
	case *checkpoint.KeyGroupsStateHandle:
		return l.fileOf(h.Delegate)
	case *checkpoint.FileStateHandle, *checkpoint.RelativeFileStateHandle:
		e, err := l.locate(h)
		return e.path, true, err
	}
	return Path{}, false, nil
}

// mayDelete returns why the file must stay.
func (l *location) mayDelete(ctx context.Context, p Path) error {
	if p.Name() == MetadataFileName {
		return fmt.Errorf("%w: %q is no state, and would take a checkpoint with it", ErrOutsideAllowed, redact(p.String()))
	}
	store, key := l.storage.stores.id(p), p.Key()
	for _, place := range l.own {
		if !place.holds(store, key) || !backend.ValidKey(key) {
			continue
		}
		if err := l.stays(ctx, p, place); !errors.Is(err, backend.ErrEscapes) {
			return err
		}
	}
	return fmt.Errorf("%w: %q is not deleted; of this checkpoint only what is in %s is, whatever may be read",
		ErrOutsideAllowed, redact(p.String()), describe(l.own))
}

// stays returns [backend.ErrEscapes] if a link leads out of the place on the way to
// the file. Only local disks have links, and asking them costs little.
func (l *location) stays(ctx context.Context, p Path, in place) error {
	if p.Scheme() != localScheme {
		return nil
	}
	r, err := l.backend.Open(ctx, p.Key(), &backend.OpenOptions{Length: 1, Within: in.anchor})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return r.Close()
}
