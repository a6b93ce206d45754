package storagetest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"sync/atomic"

	"github.com/cairnstate/cairn/storage/backend"
)

func replacingChecks() []Check {
	atomic := []backend.Need{backend.AtomicReplace}
	return []Check{
		{Topic: "atomic replacement", Name: "commit replaces the whole object", run: commitReplaces},
		{Topic: "atomic replacement", Name: "readers see the old or the new object", run: readersSeeOne, needs: atomic},
		{Topic: "atomic replacement", Name: "a reader that began stays with its object", run: readerStays, needs: atomic},
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

// replaceWhileRead replaces an object again and again while others read, ask and
// list. Each version is one byte repeated as often as it says, so a mix shows.
func (s *subject) replaceWhileRead(put func(content []byte) error) error {
	const readers, versions = 4, 12
	if err := put(oneOf(0)); err != nil {
		return err
	}
	var over atomic.Bool
	results := make([]error, readers)
	return s.connected(readers, func(others []backend.Backend) error {
		var done sync.WaitGroup
		for i, other := range others {
			done.Go(func() {
				for !over.Load() && results[i] == nil {
					results[i] = s.on(other).readOne()
				}
				over.Store(true)
			})
		}
		var err error
		for version := 1; version < versions && err == nil && !over.Load(); version++ {
			err = put(oneOf(version))
		}
		over.Store(true)
		done.Wait()
		return errors.Join(append(results, err)...)
	})
}

func oneOf(version int) []byte {
	return bytes.Repeat([]byte{byte(version)}, 100_000+version)
}

// readOne reads the object, which must be one of the versions, by all verbs.
func (s *subject) readOne() error {
	data, info, err := s.get("object", nil)
	if errors.Is(err, backend.ErrChanged) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading while it is replaced: %w", err)
	}
	if len(data) == 0 || !bytes.Equal(data, oneOf(int(data[0]))) || info.Size != int64(len(data)) {
		return fmt.Errorf("while it was replaced a reader got %d bytes of several versions, and was told %d", len(data), info.Size)
	}
	if _, err := s.backend.Stat(s.ctx, s.key("object")); err != nil {
		return fmt.Errorf("asking while it is replaced: %w", err)
	}
	if err := s.expectList("", "object"); err != nil {
		return fmt.Errorf("listing while it is replaced: %w", err)
	}
	return nil
}

// readerStays replaces, and then deletes, what a reader has begun to read. It may
// fail, and say why; what it may not do is go on with other bytes. The object fits
// into what the network holds: MinIO lets nobody replace one while it is sent.
func readerStays(s *subject) error {
	const size = 200_000
	old := noise(4, size)
	for _, change := range []struct {
		what string
		make func() error
		may  error
	}{
		{"replaced", func() error { return s.put("object", noise(5, size-1)) }, backend.ErrChanged},
		{"deleted", func() error { return s.backend.Delete(s.ctx, s.key("object")) }, fs.ErrNotExist},
	} {
		if err := s.put("object", old); err != nil {
			return err
		}
		got, err := s.readAround("object", change.make)
		if err == nil && !bytes.Equal(got, old) {
			err = fmt.Errorf("it got %d bytes that are not the object that it began with", len(got))
		}
		if err != nil && !errors.Is(err, backend.ErrChanged) && !errors.Is(err, change.may) {
			return fmt.Errorf("an object was %s while somebody read it: %w", change.what, err)
		}
	}
	return nil
}

// readAround begins to read, does something, and reads on.
func (s *subject) readAround(name string, do func() error) ([]byte, error) {
	r, err := s.backend.Open(s.ctx, s.key(name), nil)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	first := make([]byte, 1)
	if _, err := io.ReadFull(r, first); err != nil {
		return nil, err
	}
	if err := do(); err != nil {
		return nil, err
	}
	rest, err := io.ReadAll(r)
	return append(first, rest...), err
}
