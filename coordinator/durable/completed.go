package durable

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/storage"
)

// Recover makes sure that this store still leads, with one request, and loads the
// metadata of what is retained and was not loaded yet. What cannot be read is an error
// that names it, and then nothing was loaded.
func (s *Store) Recover(ctx context.Context) error {
	if err := s.recover(ctx); err != nil {
		return fmt.Errorf("coordinator/durable: recover the checkpoints of job %s: %w", s.access.JobID(), err)
	}
	return nil
}

func (s *Store) recover(ctx context.Context) error {
	if err := s.standing(); err != nil {
		return err
	}
	s.turn.Lock()
	defer s.turn.Unlock()
	s.calls++
	if _, err := s.compare(ctx); err != nil {
		return err
	}
	l := s.ledger
	l.Retained = slices.Clone(l.Retained)
	for i := range l.Retained {
		e := &l.Retained[i]
		if e.checkpoint != nil {
			continue
		}
		if err := s.load(ctx, e); err != nil {
			return fmt.Errorf("retained checkpoint %d at %s cannot be loaded: %w", e.ID, e.Pointer, err)
		}
	}
	s.ledger = l
	s.show()
	return nil
}

func (s *Store) load(ctx context.Context, e *entry) error {
	location, err := s.access.Storage().ResolveCheckpoint(ctx, e.file())
	if err != nil {
		return err
	}
	file, err := readMetadata(ctx, location, s.opts.Metadata)
	if err != nil {
		return errors.Join(err, location.Close())
	}
	e.checkpoint = e.fill(file.Metadata)
	e.checkpoint.Location = location // holds nothing open, now that it was read
	return nil
}

func readMetadata(ctx context.Context, at storage.CompletedCheckpointStorageLocation, opts *metadata.DecodeOptions) (*metadata.File, error) {
	data, err := at.ReadMetadata(ctx)
	if err != nil {
		return nil, err
	}
	file, err := metadata.Decode(data, opts)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", at.MetadataPath(), err)
	}
	return file, nil
}

// Add retains a checkpoint as the newest, by one write, and returns those that it
// pushed out. Recover comes first.
func (s *Store) Add(ctx context.Context, c *completed.Checkpoint) (subsumed []*completed.Checkpoint, err error) {
	if err := s.mayAdd(); err != nil {
		return nil, fmt.Errorf("coordinator/durable: add checkpoint %d: %w", c.ID, err)
	}
	err = s.change(ctx, func(l ledger) (ledger, []*completed.Checkpoint) {
		l, subsumed = l.add(c, s.opts.Retain, s.access.CheckpointDirectory)
		return l, subsumed
	})
	if err != nil {
		return nil, fmt.Errorf("coordinator/durable: add checkpoint %d: %w", c.ID, err)
	}
	return append(s.takeOwed(), subsumed...), nil
}

// PushedOut returns what an addition pushed out that was in doubt.
func (s *Store) PushedOut() []*completed.Checkpoint {
	s.turn.Lock()
	defer s.turn.Unlock()
	return slices.Clone(s.owed)
}

func (s *Store) takeOwed() []*completed.Checkpoint {
	s.turn.Lock()
	defer s.turn.Unlock()
	owed := s.owed
	s.owed = nil
	return owed
}

// mayAdd returns why nothing can be decided about what is retained.
func (s *Store) mayAdd() error {
	if err := s.standing(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.loaded) < len(s.shown.Retained) {
		return errors.New("what is retained was not recovered yet; call Recover first")
	}
	return nil
}

// All returns the retained checkpoints that are loaded, oldest first.
func (s *Store) All() []*completed.Checkpoint {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.loaded)
}

// Shutdown ends the store. If the job will not run again anywhere, nothing is retained
// any more, and what is to be discarded is recorded as such, by one write; Conclude
// comes after that was done. Else everything stays for whoever takes the job over, and
// no request is made.
func (s *Store) Shutdown(ctx context.Context, status completed.JobStatus) (discard, retain []*completed.Checkpoint, err error) {
	if status.GloballyTerminal() {
		discard, retain, err = s.finish(ctx, status)
	} else {
		retain, err = s.All(), s.standing()
	}
	if err != nil {
		return nil, nil, fmt.Errorf("coordinator/durable: shut down: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shut, s.loaded = status, nil
	return discard, retain, nil
}

// finish decides once: if the answer is lost and the job ends a second time, what was
// decided may be there already.
func (s *Store) finish(ctx context.Context, status completed.JobStatus) (discard, retain []*completed.Checkpoint, err error) {
	if err := s.mayAdd(); err != nil {
		return nil, nil, err
	}
	err = s.change(ctx, func(l ledger) (ledger, []*completed.Checkpoint) {
		if l.Ended == status {
			return l, nil
		}
		l, s.discarded, s.left = l.finish(status)
		return l, nil
	})
	if err != nil {
		return nil, nil, err
	}
	owed := slices.DeleteFunc(s.takeOwed(), func(c *completed.Checkpoint) bool { return !c.Properties.DiscardSubsumed })
	return append(owed, s.discarded...), s.left, nil
}

// Conclude removes the record of a job that ended for good, if nothing is left to do;
// else it writes what is. It does nothing before Shutdown, or if the job goes on
// elsewhere.
func (s *Store) Conclude(ctx context.Context) error {
	if err := s.conclude(ctx); err != nil {
		return fmt.Errorf("coordinator/durable: conclude job %s: %w", s.access.JobID(), err)
	}
	return nil
}

// conclude writes what has ended: where the record cannot be removed that is the last
// of it, and everywhere it shows that nobody else leads.
func (s *Store) conclude(ctx context.Context) error {
	s.mu.Lock()
	ended := s.shut.GloballyTerminal()
	s.mu.Unlock()
	switch {
	case !ended:
		return nil
	case s.isRemoving():
		return s.remove(ctx)
	}
	if err := s.change(ctx, func(l ledger) (ledger, []*completed.Checkpoint) { return l.conclude(), nil }); err != nil {
		return err
	}
	s.turn.Lock()
	s.removing = s.ledger.settled()
	s.turn.Unlock()
	if !s.isRemoving() {
		return nil
	}
	return s.remove(ctx)
}

func (s *Store) isRemoving() bool {
	s.turn.Lock()
	defer s.turn.Unlock()
	return s.removing
}

// remove deletes the record, again if the answer was lost.
func (s *Store) remove(ctx context.Context) (err error) {
	s.turn.Lock()
	defer s.turn.Unlock()
	for range tries {
		if err = s.record.Remove(ctx, s.version); err == nil {
			return nil
		}
		if _, _, look := s.record.Read(ctx); errors.Is(look, fs.ErrNotExist) {
			return nil
		}
	}
	return err
}
