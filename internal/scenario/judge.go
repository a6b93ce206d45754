package scenario

import (
	"context"
	"errors"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
)

// Excuse is what a disturbance explains.
type Excuse struct {
	// Killed is a process that can neither tell what it knew nor clean up.
	Killed bool
	// Orphans may be left: shared state whose name nobody was told, and that the
	// process could not delete itself. It is for whoever sweeps the job's shared
	// directory, as the operator of a Flink job does.
	Orphans bool
}

// What a judge finds, for errors.Is.
var (
	ErrHalf     = errors.New("a reader sees part of a checkpoint")
	ErrLost     = errors.New("what was acknowledged is gone")
	ErrRisen    = errors.New("what was denied is there")
	ErrReckless = errors.New("state was thrown away while nobody knew")
	ErrKept     = errors.New("what was deleted is still there")
	ErrLeft     = errors.New("a second run leaves something behind")
)

// Judge looks at the store, of which at is an undisturbed view, after a play that left
// the ledger; and then lets a second run finish or clean up. It returns how many
// orphans there were, and what is wrong.
func Judge(ctx context.Context, at Place, ledger *Ledger, excuse Excuse) (orphans int, _ error) {
	s, access, err := at.open(ctx)
	if err != nil {
		return 0, err
	}
	defer s.Close()
	j := &judge{ctx: ctx, place: at, storage: s, access: access, ledger: ledger, excuse: excuse}
	if err := errors.Join(j.look(), j.weigh(), j.gone()); err != nil {
		return 0, err
	}
	if err := j.finish(); err != nil {
		return 0, fmt.Errorf("%w: %w", ErrLeft, err)
	}
	return j.left()
}

type judge struct {
	ctx     context.Context
	place   Place
	storage *storage.BackendStorage
	access  *storage.CheckpointStorageAccess
	ledger  *Ledger
	excuse  Excuse

	writer  string // of the checkpoint that is there; empty if none is
	handles []checkpoint.StreamStateHandle
}

// look reads the checkpoint, if there is one.
func (j *judge) look() error {
	at, err := j.storage.ResolveCheckpoint(j.ctx, j.place.Pointer())
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrHalf, err)
	}
	j.writer, j.handles, err = j.place.read(j.ctx, at)
	if err := errors.Join(err, at.Close()); err != nil {
		return fmt.Errorf("%w: %w", ErrHalf, err)
	}
	return nil
}

// weigh compares what is there with what the ledger says.
func (j *judge) weigh() error {
	l := j.ledger
	switch {
	case l.Others && j.writer != others:
		return fmt.Errorf("%w: that of others; there is that of %q", ErrLost, j.writer)
	case l.Acknowledged && !l.Disposing && j.writer != ours:
		return fmt.Errorf("%w: there is that of %q", ErrLost, j.writer)
	case l.Denied && j.writer == ours && !j.excuse.Killed:
		return ErrRisen
	case l.Unknown:
		return j.untouched()
	}
	return nil
}

// untouched checks that all files are there, for nobody knows whether they are those
// of a checkpoint.
func (j *judge) untouched() error {
	keys, err := j.place.Keys(j.ctx)
	if err == nil && len(keys) < j.ledger.files() {
		err = fmt.Errorf("%w: %d files of %d are there", ErrReckless, len(keys), j.ledger.files())
	}
	return err
}

// gone checks that what we had and the store said it deleted is not there.
func (j *judge) gone() error {
	if !j.ledger.Cleared {
		return nil
	}
	if j.writer == ours {
		return fmt.Errorf("%w: the checkpoint", ErrKept)
	}
	keys, err := j.place.Keys(j.ctx)
	for _, key := range keys {
		if j.ledger.has(key) {
			err = errors.Join(err, fmt.Errorf("%w: %q", ErrKept, key))
		}
	}
	return err
}

// finish is the second run. It disposes of the checkpoint that is there, and of what
// is left of one that is not. Who was not killed knows his handles.
func (j *judge) finish() error {
	if j.writer != "" {
		if err := j.dispose(); err != nil {
			return err
		}
	}
	if err := j.storage.DisposeUnfinished(j.ctx, j.place.Pointer()); err != nil {
		return err
	}
	if j.excuse.Killed {
		return nil
	}
	location, err := j.access.InitializeLocationForCheckpoint(number)
	if err != nil {
		return err
	}
	return location.DiscardStates(j.ctx, j.ledger.Handles)
}

func (j *judge) dispose() error {
	at, err := j.storage.ResolveCheckpoint(j.ctx, j.place.Pointer())
	if err != nil {
		return err
	}
	return errors.Join(storage.DisposeStorageLocation(j.ctx, at, shared(j.handles)), at.Close())
}

// left complains of files, and sweeps orphans that are excused.
func (j *judge) left() (orphans int, _ error) {
	err := j.place.list(j.ctx, func(b backend.Backend, key string) error {
		if !j.excuse.Orphans || !isShared(key) {
			return fmt.Errorf("%w: %q", ErrLeft, key)
		}
		orphans++
		return b.Delete(j.ctx, key)
	})
	return orphans, err
}
