package durable

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
)

// attempt is a content that was written, or may have been.
type attempt struct {
	call   int64 // of change, which made it
	ledger ledger
	data   []byte
	ended  []int64                 // ids that it brings to their end
	pushed []*completed.Checkpoint // out of the store
}

// edit is a step of the ledger, and what it pushes out.
type edit func(ledger) (ledger, []*completed.Checkpoint)

// change writes what the step makes of the ledger. It returns nil if that is there;
// [completed.ErrFenced] if another leads; [completed.ErrInDoubt] if nobody knows. The
// step may be made several times; the last one counts.
func (s *Store) change(ctx context.Context, step edit) error {
	s.turn.Lock()
	defer s.turn.Unlock()
	if err := s.lostTo(); err != nil {
		return err
	}
	if err := s.settleEarlier(ctx); err != nil {
		return err
	}
	var doubt error
	for range tries {
		made, err := s.try(ctx, step)
		if made || err != nil && !errors.Is(err, completed.ErrInDoubt) {
			return err
		}
		if doubt = err; ctx.Err() != nil {
			break
		}
	}
	return doubt
}

// try writes once, and finds out what became of it.
func (s *Store) try(ctx context.Context, step edit) (made bool, _ error) {
	ended := s.ending()
	next, pushed := step(s.ledger.end(ended))
	a, err := s.attempt(next)
	if err != nil {
		return false, err
	}
	a.ended, a.pushed = slices.Collect(maps.Keys(ended)), pushed
	version, err := s.record.Swap(ctx, s.version, a.data)
	if err == nil {
		s.made(a, version)
		return true, nil
	}
	if neverSent(err) {
		return false, err
	}
	s.doubts = append(s.doubts, a)
	found, settling := s.settle(ctx)
	switch {
	case errors.Is(settling, completed.ErrFenced):
		return false, settling
	case found != nil && found.call == s.calls:
		return true, nil
	}
	return false, inDoubt(errors.Join(err, settling))
}

// inDoubt adds that nobody knows, unless somebody does.
func inDoubt(err error) error {
	if errors.Is(err, completed.ErrFenced) {
		return err
	}
	return fmt.Errorf("%w: %w; discard nothing, the next write finds out", completed.ErrInDoubt, err)
}

// neverSent reports whether the store was not even asked.
func neverSent(err error) bool {
	return slices.ContainsFunc([]error{storage.ErrRecordTooLarge, errors.ErrUnsupported, backend.ErrReadOnly, fs.ErrInvalid},
		func(no error) bool { return errors.Is(err, no) })
}

// attempt makes the next content of a ledger. No two are ever equal.
func (s *Store) attempt(l ledger) (attempt, error) {
	s.tried = max(s.tried, l.Change) + 1
	l.Change, l.Changed = s.tried, s.opts.Clock.Now().UTC()
	data, err := encode(l)
	return attempt{call: s.calls, ledger: l, data: data}, err
}

// made takes up what is in the record now. Nothing that was tried before can be made
// any more.
func (s *Store) made(a attempt, version storage.RecordVersion) {
	s.ledger, s.version, s.doubts = a.ledger.loadedAs(s.ledger), version, nil
	s.show()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range a.ended {
		delete(s.ended, id)
	}
}

// show lets All and Get tell of what is known now.
func (s *Store) show() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shown = s.ledger
	s.loaded = s.ledger.checkpoints()
}

// settleEarlier begins a call, by finding out what became of those before.
func (s *Store) settleEarlier(ctx context.Context) error {
	s.calls++
	_, err := s.settle(ctx)
	return err
}

// settle reads the record if there are doubts, and returns which of them was made, if
// one was.
func (s *Store) settle(ctx context.Context) (*attempt, error) {
	if len(s.doubts) == 0 {
		return nil, nil
	}
	return s.compare(ctx)
}

// compare reads the record. What was read is what was there before, or one of the
// doubts, or somebody else's.
func (s *Store) compare(ctx context.Context) (*attempt, error) {
	data, version, err := s.record.Read(ctx)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, s.lose(fmt.Errorf("%w: the record is gone: the job was ended by another, or somebody deleted the file; end this coordinator (%w)", completed.ErrFenced, err))
	case err != nil:
		return nil, err
	case version == s.version:
		return nil, nil
	}
	for _, doubt := range s.doubts {
		if bytes.Equal(doubt.data, data) {
			s.made(doubt, version)
			if doubt.call != s.calls {
				s.owed = append(s.owed, doubt.pushed...)
			}
			return &doubt, nil
		}
	}
	other, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.record, err)
	}
	return nil, s.lose(s.fencedBy(other))
}

// lose ends the leadership, for good.
func (s *Store) lose(why error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lost == nil {
		s.lost = why
	}
	return s.lost
}

func (s *Store) lostTo() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lost
}

// ending returns the ids that are to be written as ended.
func (s *Store) ending() map[int64]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.ended)
}
