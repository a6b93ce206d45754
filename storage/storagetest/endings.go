package storagetest

import (
	"errors"
	"fmt"
	"strings"

	"github.com/cairnstate/cairn/storage/backend"
)

// oneEnding ends writers in every order. The first ending is the one that holds.
func oneEnding(s *subject) error {
	for i, order := range []string{
		"commit", "close", "commit close", "close commit", "commit commit", "close close",
		"commit close commit close", "close commit close", "commit write close", "close write commit",
	} {
		name := fmt.Sprintf("object-%d", i)
		steps := strings.Fields(order)
		if err := s.end(name, steps); err != nil {
			return fmt.Errorf("%s: %w", strings.Join(steps, ", "), err)
		}
		var err error
		if steps[0] == "commit" {
			err = s.expect(name, []byte("x"))
		} else {
			err = s.expectAbsent(name)
		}
		if err != nil {
			return fmt.Errorf("after %s: %w", strings.Join(steps, ", "), err)
		}
	}
	return nil
}

func (s *subject) end(name string, steps []string) error {
	w, err := s.backend.Create(s.ctx, s.key(name), nil)
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := w.Write([]byte("x")); err != nil {
		return err
	}
	for i, step := range steps {
		if err := endingStep(w, step, i == 0, steps[0]); err != nil {
			return err
		}
	}
	return nil
}

// endingStep takes one step. Close may always be called again, and undoes nothing;
// to commit twice is a mistake, and may say so.
func endingStep(w backend.Writer, step string, first bool, ending string) error {
	switch step {
	case "close":
		return w.Close()
	case "write":
		if _, err := w.Write([]byte("y")); err == nil {
			return errors.New("writing after the end succeeds")
		}
		return nil
	}
	err := w.Commit()
	switch {
	case first:
		return err
	case err == nil && ending == "close":
		return errors.New("committing after Close succeeds")
	}
	return nil
}
