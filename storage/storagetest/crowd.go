package storagetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

// A crowd is more readers than a pool of connections usually has places, and the
// crowd's patience is how long somebody waits for one before it is called a stop.
const (
	crowd         = 20
	crowdPatience = 10 * time.Second
)

// openReaders opens readers that nobody reads on for a while, as a restore does
// that goes through many files in turn. What else there is to do must not wait for
// them: it may be what they wait for.
func openReaders(s *subject) error {
	content := noise(13, 100_000)
	if err := s.put("object", content); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	impatient := time.AfterFunc(crowdPatience, cancel)
	readers, err := s.with(ctx).workBesideReaders()
	impatient.Stop()
	for _, r := range readers {
		err = errors.Join(err, drain(r, content))
	}
	return err
}

func drain(r backend.Reader, want []byte) error {
	got, err := io.ReadAll(r)
	if err == nil && !bytes.Equal(got, want) {
		err = fmt.Errorf("one of %d readers that were open at once got %s that are not the object", crowd, brief(got))
	}
	return errors.Join(err, r.Close())
}

// workBesideReaders returns the readers that it opened, with an error too.
func (s *subject) workBesideReaders() (readers []backend.Reader, err error) {
	for range crowd {
		r, err := s.backend.Open(s.ctx, s.key("object"), nil)
		if err != nil {
			return readers, fmt.Errorf("while %d readers are open, opening another one: %w", len(readers), err)
		}
		readers = append(readers, r)
	}
	if err := s.passBy(); err != nil {
		return readers, fmt.Errorf("while %d readers are open: %w", crowd, err)
	}
	return readers, nil
}

// passBy does what the others must not wait for.
func (s *subject) passBy() error {
	if err := s.put("other", []byte("other")); err != nil {
		return err
	}
	if _, err := s.backend.Stat(s.ctx, s.key("other")); err != nil {
		return err
	}
	if err := s.expectList("", "object", "other"); err != nil {
		return err
	}
	return s.backend.Delete(s.ctx, s.key("other"))
}
