package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/cairnstate/cairn/storage/backend"
)

// readAllowed lets read have a file if one of the allowed places holds it.
func (l *location) readAllowed(ctx context.Context, p Path, opts backend.OpenOptions, read func(backend.Backend, *backend.OpenOptions) error) error {
	if key := p.Key(); !backend.ValidKey(key) {
		return fmt.Errorf("%w: it names no file", fs.ErrInvalid)
	}
	places := l.storage.allowing(l.own, p)
	if len(places) == 0 && !l.storage.anyPath { // no store is asked
		return l.outside(p)
	}
	b, err := l.storage.backendOf(ctx, p)
	if err != nil {
		return err
	}
	if l.storage.anyPath {
		return read(b, &opts)
	}
	for _, place := range places {
		opts.Within = place.anchor
		if err := read(b, &opts); !errors.Is(err, backend.ErrEscapes) {
			return err
		} // a wider place may hold what the link leads to
	}
	return l.outside(p)
}

// mayRead returns why the path is none to read, as far as it shows without a store:
// for who wants no bytes of it.
func (l *location) mayRead(p Path) error {
	if l.storage.anyPath || len(l.storage.allowing(l.own, p)) > 0 {
		return nil
	}
	return l.outside(p)
}

// outside says that a path is outside, of what, and how to allow it.
func (l *location) outside(p Path) error {
	reason := ""
	if len(l.storage.allowing(l.own, p)) > 0 {
		reason = " (" + backend.ErrEscapes.Error() + ")"
	}
	return fmt.Errorf("%w%s; allowed are %s; to allow it, name its directory as a location (Options.Locations), "+
		"as a relocation if its files were copied (Options.Relocate), or, if you trust this metadata, any path (Options.AllowAnyPath)",
		ErrOutsideAllowed, reason, describe(slices.Concat(l.own, l.storage.places)))
}
