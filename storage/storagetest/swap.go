package storagetest

import (
	"errors"
	"fmt"

	"github.com/cairnstate/cairn/storage/backend"
)

const swap = "compare-and-swap"

func (s *subject) swap(name, old, content string) (string, error) {
	version, err := backend.Swap(s.ctx, s.backend, s.key(name), old, []byte(content))
	if err == nil && version == "" {
		err = errors.New("a swap tells no version")
	}
	return version, err
}

// mustLose checks that a swap fails for want of the version.
func (s *subject) mustLose(what, name, old string) error {
	if _, err := s.swap(name, old, "must not be"); !errors.Is(err, backend.ErrChanged) {
		return fmt.Errorf("%s gives %s, want backend.ErrChanged", what, told(err))
	}
	return nil
}

func swapSeen(s *subject) error {
	first, err := s.swap("object", "", "first")
	if err != nil {
		return fmt.Errorf("from absent: %w", err)
	}
	if err := s.mustLose("a swap from absent of what is there", "object", ""); err != nil {
		return err
	}
	second, err := s.swap("object", first, "second")
	if err != nil {
		return fmt.Errorf("from what was seen: %w", err)
	}
	if err := s.mustLose("a swap from what was replaced", "object", first); err != nil {
		return err
	}
	if err := errors.Join(s.expect("object", []byte("second")), s.sameVersion("object", second)); err != nil {
		return err
	}
	if err := s.backend.Delete(s.ctx, s.key("object")); err != nil {
		return err
	}
	if err := s.mustLose("a swap from what was deleted", "object", second); err != nil {
		return err
	}
	return s.expectList("")
}

// swapWinner lets several swap from what all have seen, first from nothing. No
// content comes twice.
func swapWinner(s *subject) error {
	const swappers = 8
	version := ""
	return s.connected(4, func(others []backend.Backend) error {
		for round := range 3 {
			content := func(i int) []byte { return contender(i, 100*(round+1)) }
			versions := make([]string, swappers)
			winner, err := oneWinner(swappers, backend.ErrChanged, func(i int) (err error) {
				versions[i], err = s.on(others[i%len(others)]).swap("object", version, string(content(i)))
				return err
			})
			if err != nil {
				return err
			}
			if err := s.expect("object", content(winner)); err != nil {
				return err
			}
			version = versions[winner]
		}
		return nil
	})
}

// swapWinnerOfEqual lets several swap what is there for the same content: a store
// that compares contents finds nothing changed when the first has won.
func swapWinnerOfEqual(s *subject) error {
	if backend.LimitsOf(s.backend).SwapsByContent {
		return notPromised("the store compares contents, so they must not repeat")
	}
	const swappers = 8
	version, err := s.swap("object", "", "content")
	if err != nil {
		return err
	}
	return s.connected(4, func(others []backend.Backend) error {
		_, err := oneWinner(swappers, backend.ErrChanged, func(i int) error {
			_, err := s.on(others[i%len(others)]).swap("object", version, "content")
			return err
		})
		return err
	})
}

// swapABA swaps there and back: who saw the first must not take the last for it.
func swapABA(s *subject) error {
	seen, last := make(map[string]bool), ""
	for _, content := range []string{"A", "B", "A", "A"} {
		version, err := s.swap("object", last, content)
		if err != nil {
			return err
		}
		if seen[version] {
			return fmt.Errorf("two contents share version %q", version)
		}
		seen[version], last = true, version
	}
	for version := range seen {
		if version == last {
			continue
		}
		if err := s.mustLose("a swap from an older object that is equal", "object", version); err != nil {
			return err
		}
	}
	return s.expect("object", []byte("A"))
}
