package storage

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/cairnstate/cairn/storage/backend"
)

// DiscardPaths deletes what checkpoints of the job shared and none uses any more: files,
// and directories with all that is below them, by their paths as metadata has them.
// What is not there is deleted. It goes on after a failure; doing it again is safe.
//
// Only what is in the directories of the job's checkpoints is deleted, and in those of
// the checkpoints that the job claimed, which are given by their pointers; of a chk-N
// those beside it too. Any other path, a _metadata, and a directory that holds one, are
// [ErrOutsideAllowed] or [ErrCheckpointExists], and stay.
func (a *CheckpointStorageAccess) DiscardPaths(ctx context.Context, files, directories, claimed []string) error {
	d, err := a.pathDiscard(ctx, claimed)
	if err != nil {
		return fmt.Errorf("storage: discard shared state: %w", err)
	}
	for _, path := range files {
		d.fail(path, d.file(path))
	}
	for _, path := range directories {
		d.fail(path, d.directory(path))
	}
	return d.wait()
}

// pathDiscard deletes in all stores that the job's files may be in.
type pathDiscard struct {
	ctx      context.Context
	storage  *BackendStorage
	own      []place
	removals map[storeID]*removal
	errs     []error
}

func (a *CheckpointStorageAccess) pathDiscard(ctx context.Context, claimed []string) (*pathDiscard, error) {
	d := &pathDiscard{ctx: ctx, storage: a.storage, removals: make(map[storeID]*removal)}
	d.own = a.checkpointLocation(0).completed().own
	for _, pointer := range claimed {
		dir, err := a.storage.parse(pointer)
		if err != nil {
			return nil, err
		}
		d.own = append(d.own, a.storage.ownPlaces(dir)...)
	}
	return d, nil
}

func (d *pathDiscard) fail(path string, err error) {
	if err != nil {
		d.errs = append(d.errs, fmt.Errorf("storage: discard %q: %w", redact(path), err))
	}
}

// at returns the path, where it is now, and what deletes in its store.
func (d *pathDiscard) at(path string) (Path, *removal, error) {
	p, err := d.storage.parse(path)
	if err != nil {
		return Path{}, nil, err
	}
	p = d.storage.relocate(p)
	b, err := d.storage.backendOf(d.ctx, p)
	if err != nil {
		return Path{}, nil, err
	}
	id := d.storage.stores.id(p)
	if d.removals[id] == nil {
		d.removals[id] = newRemoval(d.ctx, b)
	}
	return p, d.removals[id], nil
}

func (d *pathDiscard) file(path string) error {
	p, r, err := d.at(path)
	if err == nil {
		err = d.may(p, r)
	}
	if err == nil {
		r.add(p.Key())
	}
	return err
}

// directory deletes all below, and nothing if a checkpoint is in it. Each file is asked
// about: on a local disk a link may lead out.
func (d *pathDiscard) directory(path string) error {
	p, r, err := d.at(path)
	if err == nil {
		err = d.may(p, r)
	}
	if err != nil {
		return err
	}
	keys, err := collect(spare(r.backend.List(d.ctx, p.Key()), p.Key()))
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := d.may(p.Child(key[len(p.Key()):]), r); err != nil {
			return err
		}
		r.add(key)
	}
	return nil
}

func collect(keys iter.Seq2[string, error]) (all []string, err error) {
	for key, err := range keys {
		if err != nil {
			return nil, err
		}
		all = append(all, key)
	}
	return all, nil
}

// may returns why the file must stay.
func (d *pathDiscard) may(p Path, r *removal) error {
	if !backend.ValidKey(p.Key()) {
		return fmt.Errorf("%w: it is no file", ErrOutsideAllowed)
	}
	l := &location{storage: d.storage, backend: r.backend, own: d.own}
	return l.mayDelete(d.ctx, p)
}

func (d *pathDiscard) wait() error {
	for _, r := range d.removals {
		d.errs = append(d.errs, r.wait())
	}
	return errors.Join(d.errs...)
}
