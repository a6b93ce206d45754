package storagetest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

// readersStay asks for an object that comes with one answer, and for one that a
// client may ask for piece by piece: each piece has to be of the same object.
func readersStay(s *subject) error {
	for _, size := range []int{200_000, s.opts.largeSize()} {
		for _, change := range s.changes(size) {
			if err := s.readerStays(size, change); err != nil {
				return fmt.Errorf("an object of %d bytes was %s while somebody read it: %w", size, change.what, err)
			}
		}
	}
	return nil
}

// change is what happens to an object while it is read.
type change struct {
	what string
	// prepare does what takes long, and returns the step that changes the object.
	prepare func() (step func() error, release func() error, err error)
	may     error // what a reader may say of it, but for ErrChanged
}

func (s *subject) changes(size int) []change {
	replace := func() (func() error, func() error, error) {
		w, err := s.backend.Create(s.ctx, s.key("object"), nil)
		if err != nil {
			return nil, nil, err
		}
		if _, err := w.Write(noise(5, size-1)); err != nil {
			return nil, nil, errors.Join(err, w.Close())
		}
		return w.Commit, w.Close, nil
	}
	remove := func() (func() error, func() error, error) {
		return func() error { return s.backend.Delete(s.ctx, s.key("object")) }, func() error { return nil }, nil
	}
	return []change{{"replaced", replace, backend.ErrChanged}, {"deleted", remove, fs.ErrNotExist}}
}

// readerStays changes what a reader has begun to read. He may fail, and say why;
// what he may not do is go on with other bytes.
func (s *subject) readerStays(size int, change change) error {
	old := noise(4, size)
	if err := s.put("object", old); err != nil {
		return err
	}
	step, release, err := change.prepare()
	if err != nil {
		return err
	}
	got, read, changed := s.readAround("object", step)
	if err := errors.Join(changed, release()); err != nil {
		return fmt.Errorf("changing it: %w", err)
	}
	if read != nil && !errors.Is(read, backend.ErrChanged) && !errors.Is(read, change.may) {
		return read
	}
	if read == nil && !bytes.Equal(got, old) {
		return fmt.Errorf("it got %d bytes that are not the object that it began with", len(got))
	}
	return nil
}

// patience is how long a reader waits for what happens beside it: MinIO lets nobody
// replace what is being sent, and so waits for the reader.
const patience = time.Second

// readAround begins to read, lets something be done, and reads on. It returns what
// it read, and how the two ended.
func (s *subject) readAround(name string, do func() error) (data []byte, read, done error) {
	r, err := s.backend.Open(s.ctx, s.key(name), nil)
	if err != nil {
		return nil, err, nil
	}
	first := make([]byte, 1)
	if _, err := io.ReadFull(r, first); err != nil {
		return nil, errors.Join(err, r.Close()), nil
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		done = do()
	}()
	select {
	case <-ended:
	case <-time.After(patience):
	}
	rest, read := io.ReadAll(r)
	r.Close()
	<-ended
	return append(first, rest...), read, done
}
