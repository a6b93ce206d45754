package durable

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/storage"
)

// tries is how often a write is tried before its answer is given up as lost, and how
// often a leader that still works may come first while another takes over.
const (
	tries         = 3
	takeOverTries = 32
)

func newToken() string { return rand.Text() }

// takeOver writes this store into the record as its leader.
func (s *Store) takeOver(ctx context.Context) error {
	s.turn.Lock()
	defer s.turn.Unlock()
	before, err := s.look(ctx)
	if err != nil {
		return err
	}
	var failures []error
	for range takeOverTries {
		seen := s.version
		led, err := s.tryToLead(ctx)
		switch {
		case led:
			return nil
		case s.ledger.Epoch != before.Epoch: // not merely the one before, who works until we lead
			return s.fencedBy(s.ledger)
		case s.version == seen:
			failures = append(failures, err)
		}
		if len(failures) == tries || ctx.Err() != nil {
			return errors.Join(append(failures, context.Cause(ctx))...)
		}
	}
	return fmt.Errorf("%s changed the record %d times meanwhile; end that one first", before.Leader.Name, takeOverTries)
}

// look reads the record, or makes up that of a job without one.
func (s *Store) look(ctx context.Context) (ledger, error) {
	l, version, err := s.read(ctx)
	if errors.Is(err, fs.ErrNotExist) {
		l, err = s.fresh(ctx)
	}
	if err == nil && l.Job != s.access.JobID().String() {
		err = fmt.Errorf("%s is the record of job %s; give each job a directory of its own", s.record, l.Job)
	}
	if err == nil {
		s.ledger, s.version = l, version
	}
	return l, err
}

func (s *Store) read(ctx context.Context) (ledger, storage.RecordVersion, error) {
	data, version, err := s.record.Read(ctx)
	if err != nil {
		return ledger{}, version, err
	}
	l, err := decode(data)
	if err != nil {
		err = fmt.Errorf("%s: %w", s.record, err)
	}
	return l, version, err
}

// fresh begins after the checkpoints that are there: those that somebody else took, or
// that a record told of which was removed.
func (s *Store) fresh(ctx context.Context) (ledger, error) {
	l := ledger{Job: s.access.JobID().String(), Next: 1}
	for file, err := range s.access.Files(ctx) {
		if err != nil {
			return ledger{}, err
		}
		dir, _, _ := strings.Cut(file.Name, "/")
		if id, ok := storage.CheckpointNumber(dir); ok {
			l.Next = max(l.Next, id+1)
		}
	}
	return l, nil
}

// tryToLead makes one try, and finds out what became of it: the error is that of the
// try. If it was not made, what is known is what is there now.
func (s *Store) tryToLead(ctx context.Context) (led bool, _ error) {
	before := s.ledger.Leader.Name
	a, err := s.attempt(s.ledger.lead(leader{s.opts.Name, s.token, s.opts.Clock.Now().UTC()}))
	if err != nil {
		return false, err
	}
	version, err := s.record.Swap(ctx, s.version, a.data)
	if err == nil {
		s.lead(ctx, a.ledger, version, before)
		return true, nil
	}
	there, looking := s.look(ctx)
	if looking == nil && there.Leader.Token == s.token {
		s.lead(ctx, there, s.version, before)
		return true, nil
	}
	return false, errors.Join(err, looking)
}

func (s *Store) lead(ctx context.Context, l ledger, version storage.RecordVersion, before string) {
	s.made(attempt{ledger: l}, version)
	s.leftovers = l.leftovers(l.Epoch)
	s.opts.Logger.InfoContext(ctx, "leading", "job", l.Job, "epoch", l.Epoch, "before", before,
		"next", l.Next, "retained", len(l.Retained), "leftovers", len(s.leftovers))
}

// fencedBy is the error of a store that leads no more, or does not come to.
func (s *Store) fencedBy(other ledger) error {
	return fmt.Errorf("%w: %s leads since %s, in epoch %d; end this coordinator, and start it again only if it should lead",
		completed.ErrFenced, other.Leader.Name, other.Leader.Since.Format("2006-01-02 15:04:05 MST"), other.Epoch)
}
