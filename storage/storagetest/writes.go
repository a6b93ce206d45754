package storagetest

import (
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"github.com/cairnstate/cairn/storage/backend"
)

func invisibleBeforeCommit(s *subject) error {
	w, err := s.backend.Create(s.ctx, s.key("object"), nil)
	if err != nil {
		return err
	}
	defer w.Close()
	if err := s.expectAbsent("object"); err != nil {
		return fmt.Errorf("after Create: %w", err)
	}
	if _, err := w.Write([]byte("half")); err != nil {
		return err
	}
	if err := s.expectList(""); err != nil {
		return fmt.Errorf("after Write: %w", err)
	}
	if err := w.Commit(); err != nil {
		return err
	}
	return s.expect("object", []byte("half"))
}

func abandonedLeavesNothing(s *subject) error {
	if err := s.put("kept", []byte("old")); err != nil {
		return err
	}
	for _, name := range []string{"kept", "new", "dir/new"} {
		if err := s.abandon(name); err != nil {
			return err
		}
	}
	if err := s.expectList("", "kept"); err != nil {
		return err
	}
	return s.expect("kept", []byte("old"))
}

func (s *subject) abandon(name string) error {
	w, err := s.backend.Create(s.ctx, s.key(name), nil)
	if err != nil {
		return err
	}
	if _, err := w.Write([]byte("never mind")); err != nil {
		return err
	}
	return w.Close()
}

func oneEnding(s *subject) error {
	committed, err := s.backend.Create(s.ctx, s.key("committed"), nil)
	if err != nil {
		return err
	}
	if err := committed.Commit(); err != nil {
		return err
	}
	abandoned, err := s.backend.Create(s.ctx, s.key("abandoned"), nil)
	if err != nil {
		return err
	}
	for range 2 { // Close may always be called again, and undoes nothing
		if err := errors.Join(committed.Close(), abandoned.Close()); err != nil {
			return err
		}
	}
	if err := abandoned.Commit(); err == nil {
		return errors.New("committing after Close succeeds")
	}
	_ = committed.Commit() // a mistake, and may say so, but must not undo
	return s.expectList("", "committed")
}

func commitReplaces(s *subject) error {
	for _, content := range []string{"first, and long", "second", ""} {
		if err := s.put("object", []byte(content)); err != nil {
			return err
		}
		if err := s.expect("object", []byte(content)); err != nil {
			return err
		}
	}
	return s.expectList("", "object")
}

func exclusiveKeeps(s *subject) error {
	exclusive := &backend.CreateOptions{IfAbsent: true}
	if err := s.write("object", []byte("first"), exclusive); err != nil {
		return err
	}
	if err := s.write("object", []byte("second"), exclusive); !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("exclusive creation of what exists gives %s, want fs.ErrExist", told(err))
	}
	if err := s.expect("object", []byte("first")); err != nil {
		return err
	}
	if err := s.backend.Delete(s.ctx, s.key("object")); err != nil {
		return err
	}
	return s.write("object", []byte("third"), exclusive)
}

// exclusiveWinner lets all writers write before the first commits, which is when
// a store that only looked at Create would let several win.
func exclusiveWinner(s *subject) error {
	const writers = 8
	results := make([]error, writers)
	var ready, done sync.WaitGroup
	ready.Add(writers)
	for i := range writers {
		done.Go(func() { results[i] = s.race(i, &ready) })
	}
	done.Wait()
	winner := -1
	for i, err := range results {
		switch {
		case err == nil && winner >= 0:
			return fmt.Errorf("writers %d and %d both won", winner, i)
		case err == nil:
			winner = i
		case !errors.Is(err, fs.ErrExist):
			return fmt.Errorf("a loser gets %w, want fs.ErrExist", err)
		}
	}
	if winner < 0 {
		return errors.New("of several writers none won")
	}
	return s.expect("object", []byte{byte(winner)})
}

func (s *subject) race(i int, ready *sync.WaitGroup) error {
	w, err := s.backend.Create(s.ctx, s.key("object"), &backend.CreateOptions{IfAbsent: true})
	if err != nil {
		ready.Done()
		return err
	}
	defer w.Close()
	_, err = w.Write([]byte{byte(i)})
	ready.Done()
	if err != nil {
		return err
	}
	ready.Wait()
	return w.Commit()
}
