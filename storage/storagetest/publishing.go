package storagetest

import (
	"errors"
	"fmt"
	"io"

	"github.com/cairnstate/cairn/storage/backend"
)

func publishingChecks() []Check {
	return []Check{
		{Topic: "publication", Name: "nothing is visible before commit", run: invisibleBeforeCommit},
		{Topic: "publication", Name: "all connections see a commit at once", run: seenByAll, needs: []backend.Need{backend.ListAfterWrite}},
		{Topic: "publication", Name: "an abandoned write leaves nothing", run: abandonedLeavesNothing},
		{Topic: "publication", Name: "a write whose source fails leaves nothing", run: failedLeavesNothing},
		{Topic: "publication", Name: "a writer has one ending", run: oneEnding},
	}
}

func invisibleBeforeCommit(s *subject) error {
	for _, content := range [][]byte{[]byte("half"), noise(2, s.opts.largeSize())} {
		if err := s.publishSlowly("object", content); err != nil {
			return fmt.Errorf("an object of %d bytes: %w", len(content), err)
		}
		if err := s.backend.Delete(s.ctx, s.key("object")); err != nil {
			return err
		}
	}
	return nil
}

// publishSlowly looks between the steps whether anything can be seen.
func (s *subject) publishSlowly(name string, content []byte) error {
	w, err := s.backend.Create(s.ctx, s.key(name), nil)
	if err != nil {
		return err
	}
	defer w.Close()
	if err := s.expectAbsent(name); err != nil {
		return fmt.Errorf("after Create: %w", err)
	}
	if _, err := w.Write(content); err != nil {
		return err
	}
	if err := errors.Join(s.expectAbsent(name), s.expectList("")); err != nil {
		return fmt.Errorf("after Write: %w", err)
	}
	if err := w.Commit(); err != nil {
		return err
	}
	return s.expect(name, content)
}

// seenByAll goes through the life of an object on one connection and looks at it
// on another, by each verb, the moment after.
func seenByAll(s *subject) error {
	return s.connected(1, func(others []backend.Backend) error {
		other := s.on(others[0])
		for _, content := range []string{"first", "second, and longer", "third"} {
			if err := s.put("object", []byte(content)); err != nil {
				return err
			}
			if err := other.see("object", content); err != nil {
				return fmt.Errorf("another connection, after Commit: %w", err)
			}
		}
		if err := s.backend.Delete(s.ctx, s.key("object")); err != nil {
			return err
		}
		if err := other.expectAbsent("object"); err != nil {
			return fmt.Errorf("another connection, after Delete: %w", err)
		}
		return nil
	})
}

// see checks by all verbs that the object is there and no other.
func (s *subject) see(name, content string) error {
	if err := errors.Join(s.expect(name, []byte(content)), s.expectList("", name)); err != nil {
		return err
	}
	info, err := s.backend.Stat(s.ctx, s.key(name))
	if err != nil {
		return err
	}
	return expectInfo("Stat", info, s.key(name), len(content))
}

func abandonedLeavesNothing(s *subject) error {
	if err := s.put("kept", []byte("old")); err != nil {
		return err
	}
	for _, name := range []string{"kept", "new", "dir/new"} {
		for _, size := range []int{0, 10, s.opts.largeSize()} {
			if err := s.abandon(name, size); err != nil {
				return err
			}
		}
	}
	if err := s.expectList("", "kept"); err != nil {
		return err
	}
	return s.expect("kept", []byte("old"))
}

func (s *subject) abandon(name string, size int) error {
	w, err := s.backend.Create(s.ctx, s.key(name), nil)
	if err != nil {
		return err
	}
	if _, err := w.Write(noise(3, size)); err != nil {
		return errors.Join(err, w.Close())
	}
	return w.Close()
}

var errSource = errors.New("the source failed")

// failedLeavesNothing copies from a source that breaks off, as every caller does
// that writes a stream: the deferred Close is all that follows.
func failedLeavesNothing(s *subject) error {
	for _, size := range []int{0, 10, s.opts.largeSize()} {
		for _, opts := range []*backend.CreateOptions{nil, {IfAbsent: true}} {
			if err := s.writeFrom(io.MultiReader(&zeros{size}, failing{}), opts); !errors.Is(err, errSource) {
				return err
			}
			if err := errors.Join(s.expectAbsent("object"), s.expectList("")); err != nil {
				return fmt.Errorf("after a source that failed at byte %d: %w", size, err)
			}
		}
	}
	return s.failedWriteIsKept()
}

func (s *subject) writeFrom(source io.Reader, opts *backend.CreateOptions) error {
	w, err := s.backend.Create(s.ctx, s.key("object"), opts)
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, source); err != nil {
		return errors.Join(err, w.Close())
	}
	return errors.Join(w.Commit(), w.Close())
}

type zeros struct{ left int }

func (z *zeros) Read(p []byte) (int, error) {
	if z.left == 0 {
		return 0, io.EOF
	}
	n := min(len(p), z.left)
	clear(p[:n])
	z.left -= n
	return n, nil
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errSource }

// connected lends some other connections to the same store.
func (s *subject) connected(n int, do func([]backend.Backend) error) (err error) {
	others := make([]backend.Backend, n)
	for i := range others {
		if s.opts.Connect == nil {
			others[i] = s.backend
			continue
		}
		other, failed := s.opts.Connect(s.ctx)
		if failed != nil {
			return fmt.Errorf("another connection: %w", failed)
		}
		defer func() { err = errors.Join(err, other.Close()) }()
		others[i] = other
	}
	return do(others)
}
