package storagetest

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"github.com/cairnstate/cairn/storage/backend"
)

const conditional = "conditional writes"

func exclusiveChecks() []Check {
	exclusive := []backend.Need{backend.ExclusiveCreate}
	return []Check{
		{Topic: conditional, Name: "exclusive creation keeps what exists", run: exclusiveKeeps, needs: exclusive},
		{Topic: conditional, Name: "exclusive creation sees what came since it began", run: exclusiveSees, needs: exclusive},
		{Topic: conditional, Name: "exclusive creation has one winner", run: exclusiveWinner, needs: exclusive},
		{Topic: conditional, Name: "exclusive creation of large objects has one winner", run: exclusiveLargeWinner, needs: exclusive},
	}
}

func ifAbsent() *backend.CreateOptions { return &backend.CreateOptions{IfAbsent: true} }

func exclusiveKeeps(s *subject) error { return s.keepsWhatExists(s.write) }

func (s *subject) keepsWhatExists(write func(name string, data []byte, opts *backend.CreateOptions) error) error {
	for _, size := range []int{1, s.opts.largeSize()} {
		first, second := noise(6, size), noise(7, size)
		if err := write("object", first, ifAbsent()); err != nil {
			return err
		}
		if err := write("object", second, ifAbsent()); !errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("creating exclusively what exists gives %s, want fs.ErrExist", told(err))
		}
		if err := s.expect("object", first); err != nil {
			return err
		}
		if err := s.backend.Delete(s.ctx, s.key("object")); err != nil {
			return err
		}
	}
	return write("object", []byte("third"), ifAbsent())
}

// exclusiveSees puts the object between Create and Commit: whoever only looked at
// Create replaces it.
func exclusiveSees(s *subject) error {
	for _, size := range []int{1, s.opts.largeSize()} {
		name := fmt.Sprintf("object-%d", size)
		w, err := s.backend.Create(s.ctx, s.key(name), ifAbsent())
		if err != nil {
			return err
		}
		defer w.Close()
		if _, err := w.Write(noise(8, size)); err != nil {
			return err
		}
		if err := s.put(name, []byte("other")); err != nil {
			return err
		}
		if err := w.Commit(); !errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("an object of %d bytes, which appeared after Create: Commit gives %s, want fs.ErrExist", size, told(err))
		}
		if err := errors.Join(w.Close(), s.expect(name, []byte("other"))); err != nil {
			return err
		}
	}
	return nil
}

func exclusiveWinner(s *subject) error {
	for round := range 3 {
		if err := s.raceCreate(fmt.Sprintf("object-%d", round), 16, 1); err != nil {
			return err
		}
	}
	return nil
}

func exclusiveLargeWinner(s *subject) error {
	return s.raceCreate("object", 4, s.opts.largeSize())
}

// raceCreate lets writers on several connections write before the first commits,
// which is when a store that only looked at Create would let several win.
func (s *subject) raceCreate(name string, writers, size int) error {
	return s.connected(min(writers, 4), func(others []backend.Backend) error {
		var ready sync.WaitGroup
		ready.Add(writers)
		winner, err := oneWinner(writers, fs.ErrExist, func(i int) error {
			return s.on(others[i%len(others)]).enter(name, contender(i, size), &ready)
		})
		if err != nil {
			return err
		}
		return s.expect(name, contender(winner, size))
	})
}

func contender(i, size int) []byte { return bytes.Repeat([]byte{byte(i + 1)}, size+i) }

// enter writes, and commits when all others have written, too.
func (s *subject) enter(name string, content []byte, ready *sync.WaitGroup) error {
	w, err := s.backend.Create(s.ctx, s.key(name), ifAbsent())
	if err != nil {
		ready.Done()
		return err
	}
	defer w.Close()
	_, err = w.Write(content)
	ready.Done()
	if err != nil {
		return err
	}
	ready.Wait()
	return w.Commit()
}

// oneWinner runs so many at once and returns the one that succeeded. The others
// have to fail with the error of losers.
func oneWinner(n int, loses error, run func(i int) error) (int, error) {
	results := make([]error, n)
	var done sync.WaitGroup
	for i := range n {
		done.Go(func() { results[i] = run(i) })
	}
	done.Wait()
	winner := -1
	for i, err := range results {
		switch {
		case err == nil && winner >= 0:
			return -1, fmt.Errorf("%d and %d of %d at once both won", winner, i, n)
		case err == nil:
			winner = i
		case !errors.Is(err, loses):
			return -1, fmt.Errorf("a loser gets %w, want %w", err, loses)
		}
	}
	if winner < 0 {
		return -1, fmt.Errorf("of %d at once none won", n)
	}
	return winner, nil
}
