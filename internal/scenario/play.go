package scenario

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/storage"
)

// Play is what a job does.
type Play struct {
	Name string
	act  func(*actor) error
	race bool
}

// Plays returns all of them.
func Plays() []Play {
	return []Play{
		{Name: "publish", act: (*actor).publish},
		{Name: "abort", act: (*actor).abort},
		{Name: "race", act: (*actor).lose, race: true},
	}
}

const (
	ours   = "we"
	others = "others"
)

// Prepare does what comes before the play, undisturbed, and returns the ledger to
// play with.
func (p Play) Prepare(ctx context.Context, at Place) (*Ledger, error) {
	ledger := &Ledger{Others: p.race}
	if !p.race {
		return ledger, nil
	}
	a, err := newActor(ctx, at, others, new(Ledger))
	if err != nil {
		return nil, err
	}
	defer a.storage.Close()
	_, _, err = a.complete()
	return ledger, err
}

// Perform plays it, and writes down in the ledger what it was told. The error is what
// the job would have told its user; nil is a play that went as it should.
func (p Play) Perform(ctx context.Context, at Place, ledger *Ledger) error {
	a, err := newActor(ctx, at, ours, ledger)
	if err != nil {
		return err
	}
	return errors.Join(p.act(a), a.storage.Close())
}

// actor is a process that plays.
type actor struct {
	ctx     context.Context
	place   Place
	name    string
	storage *storage.BackendStorage
	access  *storage.CheckpointStorageAccess
	ledger  *Ledger
}

func newActor(ctx context.Context, at Place, name string, ledger *Ledger) (*actor, error) {
	s, access, err := at.open(ctx)
	if err != nil {
		return nil, err
	}
	return &actor{ctx, at, name, s, access, ledger}, nil
}

// publish completes a checkpoint, reads it, looks for one that is not there, and
// disposes of the first.
func (a *actor) publish() error {
	location, completed, err := a.complete()
	if err != nil {
		return a.giveUp(location, err)
	}
	defer completed.Close()
	if err := a.readBack(); err != nil {
		return err
	}
	if _, err := a.storage.ResolveCheckpoint(a.ctx, a.place.pointer(number+1)); !errors.Is(err, storage.ErrNotFound) {
		return errors.Join(errors.New("looking for what is not there"), err)
	}
	a.ledger.Disposing = true
	err = storage.DisposeStorageLocation(a.ctx, completed, shared(a.ledger.Handles))
	a.ledger.Cleared = err == nil
	return err
}

// abort gives the checkpoint up with a piece of state half written.
func (a *actor) abort() error {
	location, err := a.access.InitializeLocationForCheckpoint(number)
	if err != nil {
		return err
	}
	a.ledger.Denied = true
	if err := a.writeState(location); err != nil {
		return a.giveUp(location, err)
	}
	half := location.CreateCheckpointStateOutputStream(a.ctx, storage.ExclusiveState)
	_, err = half.Write(make([]byte, a.place.Large))
	return a.giveUp(location, errors.Join(err, half.Close()))
}

// lose is too late: another checkpoint is complete.
func (a *actor) lose() error {
	location, _, err := a.complete()
	if !errors.Is(err, storage.ErrCheckpointExists) {
		return a.giveUp(location, errors.Join(errors.New("the race was not lost"), err))
	}
	if err := location.DisposeOnFailure(a.ctx); !errors.Is(err, storage.ErrCheckpointExists) {
		return errors.Join(errors.New("disposing of another's checkpoint"), err)
	}
	return location.DiscardStates(a.ctx, a.ledger.Handles)
}

// complete writes a checkpoint and publishes it. If the answer was lost it asks once
// more.
func (a *actor) complete() (*storage.CheckpointStorageLocation, storage.CompletedCheckpointStorageLocation, error) {
	location, err := a.access.InitializeLocationForCheckpoint(number)
	if err != nil {
		return nil, nil, err
	}
	if err := a.writeState(location); err != nil {
		a.ledger.Denied = true
		return location, nil, err
	}
	completed, err := a.publishMetadata(location, file(a.ledger.Handles))
	if errors.Is(err, storage.ErrPublicationUnknown) {
		var settled error
		completed, settled = location.SettlePublication(a.ctx)
		if settled == nil {
			err = nil
		}
		a.ledger.Unknown = errors.Is(settled, storage.ErrPublicationUnknown)
		err = errors.Join(err, settled)
	}
	a.ledger.Acknowledged = err == nil
	a.ledger.Denied = err != nil && !a.ledger.Unknown
	return location, completed, err
}

func (a *actor) writeState(location *storage.CheckpointStorageLocation) error {
	for i, piece := range a.place.pieces() {
		handle, err := write(a.ctx, location.CheckpointStreamFactory, piece, piece.content(a.name, i))
		if handle != nil {
			a.ledger.Handles = append(a.ledger.Handles, handle)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *actor) publishMetadata(location *storage.CheckpointStorageLocation, file *metadata.File) (_ storage.CompletedCheckpointStorageLocation, err error) {
	s, err := location.CreateMetadataOutputStream(a.ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := metadata.Write(s, file, nil); err != nil {
		return nil, err
	}
	return s.CloseAndFinalizeCheckpoint()
}

// giveUp cleans up after a failure, as far as it may.
func (a *actor) giveUp(location *storage.CheckpointStorageLocation, err error) error {
	if location == nil || a.ledger.Unknown {
		return err
	}
	disposed := location.DisposeOnFailure(a.ctx)
	if errors.Is(disposed, storage.ErrCheckpointExists) && errors.Is(err, fs.ErrExist) {
		disposed = nil
	}
	disposed = errors.Join(disposed, location.DiscardStates(a.ctx, shared(a.ledger.Handles)))
	a.ledger.Cleared = disposed == nil
	return errors.Join(err, disposed)
}

// readBack resolves the checkpoint and reads all of it.
func (a *actor) readBack() error {
	at, err := a.storage.ResolveCheckpoint(a.ctx, a.place.Pointer())
	if err != nil {
		return err
	}
	writer, all, err := a.place.read(a.ctx, at)
	if err == nil && (writer != a.name || len(all) != len(a.ledger.Handles)) {
		err = fmt.Errorf("%w: it is that of %q", errDamaged, writer)
	}
	return errors.Join(err, at.Close())
}
