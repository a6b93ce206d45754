package storagetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

func doneContext(s *subject) error {
	if err := s.put("object", []byte("old")); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	done := s.with(ctx)
	_, _, opened := done.get("object", nil)
	_, stated := s.backend.Stat(ctx, s.key("object"))
	_, listed := done.list("")
	for verb, err := range map[string]error{
		"Open": opened, "Stat": stated, "List": listed,
		"Create": done.put("object", []byte("new")),
		"Delete": s.backend.Delete(ctx, s.key("object")),
	} {
		if !errors.Is(err, context.Canceled) {
			return fmt.Errorf("%s with a cancelled context gives %s, want context.Canceled", verb, told(err))
		}
	}
	return s.expect("object", []byte("old"))
}

func contextEndsWrite(s *subject) error {
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	w, err := s.backend.Create(ctx, s.key("object"), nil)
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := w.Write([]byte("too late")); err != nil {
		return err
	}
	cancel()
	if err := w.Commit(); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("committing after the context ended gives %s, want context.Canceled", told(err))
	}
	if err := w.Close(); err != nil {
		return err
	}
	return s.expectList("")
}

// contextEndsListing cancels after the first element. What the store had already
// sent may still come; ending early without a word may not.
func contextEndsListing(s *subject) error {
	names := strings.Split("a b c d e f g h", " ")
	if err := s.putAll(names...); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	count := 0
	for _, err := range s.backend.List(ctx, s.dir) {
		if errors.Is(err, context.Canceled) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("listing after the context ended gives %w, want context.Canceled", err)
		}
		count++
		cancel()
	}
	if count != len(names) {
		return fmt.Errorf("listing ends after %d of %d objects without an error, although its context ended", count, len(names))
	}
	return nil
}
