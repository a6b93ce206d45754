package storagetest

import (
	"context"
	"errors"
	"fmt"

	"github.com/cairnstate/cairn/storage/backend"
)

const cancellation = "cancellation"

func cancellationChecks() []Check {
	return []Check{
		{Topic: cancellation, Name: "a done context changes nothing", run: doneContext},
		{Topic: cancellation, Name: "a context that ends ends the write", run: contextEndsWrite},
		{Topic: cancellation, Name: "a context that ends ends the reading", run: contextEndsReading},
		{Topic: cancellation, Name: "a context that ends ends the listing", run: contextEndsListing, needs: []backend.Need{backend.ListAfterWrite}},
	}
}

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
	_, downloaded := backend.Download(ctx, s.backend, s.key("object"), nil, new(sink))
	for verb, err := range map[string]error{
		"Open": opened, "Stat": stated, "List": listed,
		"Create":    done.put("object", []byte("new")),
		"Delete":    s.backend.Delete(ctx, s.key("object")),
		"DeleteAll": backend.DeleteAll(ctx, s.backend, []string{s.key("object")}),
		"Copy":      backend.Copy(ctx, s.backend, s.key("object"), s.key("copy"), nil),
		"Download":  downloaded,
		"Upload":    done.upload("object", []byte("new"), nil),
	} {
		if !errors.Is(err, context.Canceled) {
			return fmt.Errorf("%s with a cancelled context gives %s, want context.Canceled", verb, told(err))
		}
	}
	return errors.Join(s.expect("object", []byte("old")), s.expectList("", "object"))
}

// contextEndsWrite cancels before the first byte, after some, and before Commit,
// of an object that one request writes and of one that needs several.
func contextEndsWrite(s *subject) error {
	for _, size := range []int{8, s.opts.largeSize()} {
		for _, at := range []int{0, size / 2, size} {
			if err := s.cancelWrite(noise(9, size), at); err != nil {
				return fmt.Errorf("cancelled at byte %d of %d: %w", at, size, err)
			}
		}
	}
	return s.expectList("")
}

func (s *subject) cancelWrite(content []byte, at int) error {
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	w, err := s.backend.Create(ctx, s.key("object"), nil)
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := w.Write(content[:at]); err != nil {
		return err
	}
	cancel()
	if _, err := w.Write(content[at:]); err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("writing gives %w, want context.Canceled", err)
	}
	if err := w.Commit(); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("committing gives %s, want context.Canceled", told(err))
	}
	return w.Close()
}

// contextEndsReading cancels at the first, a middle and the last byte. What had
// already come may still be read; an end before the end may not. The object is
// larger than what the network holds on its way.
func contextEndsReading(s *subject) error {
	size := max(s.opts.largeSize(), 16<<20)
	if err := s.put("object", noise(10, size)); err != nil {
		return err
	}
	for _, at := range []int{0, 1, size / 2, size} {
		n, err := s.cancelReading("object", at)
		switch {
		case errors.Is(err, context.Canceled):
		case err != nil:
			return fmt.Errorf("reading after the context ended at byte %d gives %w, want context.Canceled", at, err)
		case n != size:
			return fmt.Errorf("reading ends at byte %d of %d without an error, although its context ended", n, size)
		case at < size/2:
			return fmt.Errorf("reading went on for %d bytes after the context ended", n-at)
		}
	}
	return nil
}

// contextEndsListing cancels at the first, a middle and the last element. What the
// store had already sent may still come; ending early without a word may not.
func contextEndsListing(s *subject) error {
	names := []string{"a", "b", "c", "d/1", "d/2", "e", "f", "g"}
	if err := s.putAll(names...); err != nil {
		return err
	}
	for _, at := range []int{1, len(names) / 2, len(names)} {
		count, err := s.cancelListing(at)
		switch {
		case errors.Is(err, context.Canceled):
		case err != nil:
			return fmt.Errorf("listing after the context ended gives %w, want context.Canceled", err)
		case count != len(names):
			return fmt.Errorf("listing ends after %d of %d objects without an error, although its context ended", count, len(names))
		}
	}
	return nil
}
