package storagetest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/cairnstate/cairn/storage/backend"
)

// deleteManyFails lets the context end before a batch and in the midst of one. Whoever
// goes on after the error has to know which objects may still be there.
func deleteManyFails(s *subject) error {
	if err := s.deleteDone(); err != nil {
		return err
	}
	names := s.manyNames() // more than one request takes
	for _, at := range []int{0, len(names) / 2, len(names) - 1} {
		for _, there := range []int{0, len(names) / 4, len(names) / 2, len(names) * 3 / 4, len(names) - 1} {
			if err := s.put(names[there], nil); err != nil {
				return err
			}
		}
		if err := s.leftIsNamed("many", s.deleteUntil(names, names[at])); err != nil {
			return fmt.Errorf("a context that ends when element %d of %d is gone: %w", at, len(names), err)
		}
	}
	return nil
}

// deleteDone deletes with a context that is done.
func (s *subject) deleteDone() error {
	few := []string{"few/a", "few/b", "few/c"}
	if err := s.putAll(few...); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	err := backend.DeleteAll(ctx, s.backend, s.keys(few))
	if err == nil {
		return errors.New("a batch whose context is done succeeds")
	}
	return s.leftIsNamed("few", err)
}

// deleteUntil ends the context of a batch as soon as an object of it is seen to be
// gone. Who is faster has deleted all.
func (s *subject) deleteUntil(names []string, gone string) error {
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- backend.DeleteAll(ctx, s.backend, s.keys(names)) }()
	for {
		select {
		case err := <-ended:
			return err
		default:
		}
		if _, err := s.backend.Stat(s.ctx, s.key(gone)); err != nil { // it is gone, or nothing can be seen
			cancel()
			return <-ended
		}
	}
}

// leftIsNamed checks that the error of a batch is about all that is left.
func (s *subject) leftIsNamed(below string, err error) error {
	left, listErr := s.list(below)
	if listErr != nil {
		return listErr
	}
	for _, name := range left {
		if !aboutKey(err, s.key(name)) {
			return fmt.Errorf("%q is left, and the error does not say so: %s", name, told(err))
		}
	}
	return nil
}

// aboutKey reports whether the error is about the key, or about all keys.
func aboutKey(err error, key string) bool {
	if typed, ok := err.(*backend.Error); ok { //nolint:errorlint // the tree is walked here
		return typed.Key == key || typed.Key == ""
	}
	switch wrapped := err.(type) { //nolint:errorlint // the tree is walked here
	case interface{ Unwrap() []error }:
		return slices.ContainsFunc(wrapped.Unwrap(), func(err error) bool { return aboutKey(err, key) })
	case interface{ Unwrap() error }:
		return aboutKey(wrapped.Unwrap(), key)
	}
	return false
}
