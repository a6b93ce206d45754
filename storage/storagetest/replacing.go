package storagetest

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/cairnstate/cairn/storage/backend"
)

func replacingChecks() []Check {
	atomic := []backend.Need{backend.AtomicReplace}
	return []Check{
		{Topic: "atomic replacement", Name: "commit replaces the whole object", run: commitReplaces},
		{Topic: "atomic replacement", Name: "readers see the old or the new object", run: readersSeeOne, needs: atomic},
		{Topic: "atomic replacement", Name: "a reader that began stays with its object", run: readersStay, needs: atomic},
	}
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

func readersSeeOne(s *subject) error {
	return s.replaceWhileRead(func(content []byte) error { return s.put("object", content) })
}

// replaceWhileRead replaces an object again and again while others look: one that a
// single request carries, and, less often, one that needs several.
func (s *subject) replaceWhileRead(put func(content []byte) error) error {
	if err := s.replaceOften(put, 100_000, 12); err != nil {
		return err
	}
	return s.replaceOften(put, s.opts.largeSize(), 4)
}

// replaceOften lets some read, ask and list meanwhile, and as many only ask: those
// look so often that they meet a gap which a long reading passes by.
func (s *subject) replaceOften(put func(content []byte) error, size, versions int) error {
	const readers = 4
	if err := put(oneOf(0, size)); err != nil {
		return err
	}
	var over atomic.Bool
	results := make([]error, readers)
	return s.connected(readers, func(others []backend.Backend) error {
		var done sync.WaitGroup
		for i, other := range others {
			look := s.on(other).askOne
			if i%2 == 0 {
				look = s.on(other).readOne
			}
			done.Go(func() {
				for !over.Load() && results[i] == nil {
					results[i] = look()
				}
				over.Store(true)
			})
		}
		var err error
		for version := 1; version < versions && err == nil && !over.Load(); version++ {
			err = put(oneOf(version, size))
		}
		over.Store(true)
		done.Wait()
		return errors.Join(append(results, err)...)
	})
}

// oneOf is a version: one byte, repeated as often as it says, so a mix shows.
func oneOf(version, size int) []byte {
	return bytes.Repeat([]byte{byte(version)}, size+version)
}

// readOne reads the object, which must be one of the versions, and asks.
func (s *subject) readOne() error {
	data, info, err := s.get("object", nil)
	if errors.Is(err, backend.ErrChanged) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading while it is replaced: %w", err)
	}
	if len(data) == 0 || bytes.Count(data, data[:1]) != len(data) || info.Size != int64(len(data)) {
		return fmt.Errorf("while it was replaced a reader got %d bytes of several versions, and was told %d", len(data), info.Size)
	}
	return s.askOne()
}

// askOne asks for the object by the verbs that do not read it.
func (s *subject) askOne() error {
	if _, err := s.backend.Stat(s.ctx, s.key("object")); err != nil {
		return fmt.Errorf("asking while it is replaced: %w", err)
	}
	if err := s.expectList("", "object"); err != nil {
		return fmt.Errorf("listing while it is replaced: %w", err)
	}
	return nil
}
