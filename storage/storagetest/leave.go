package storagetest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
)

// without forgets the errors that leaving is meant to give.
func without(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

func (s *subject) leaveReading(name string) error {
	r, err := s.backend.Open(s.ctx, s.key(name), nil)
	if err != nil {
		return err
	}
	if _, err := r.Read(make([]byte, 1)); err != nil {
		return errors.Join(err, r.Close())
	}
	return r.Close()
}

func (s *subject) failUpload(name string) error {
	from := &source{data: noise(26, 100), at: 50, reach: func() error { return errSource }}
	if err := s.uploadFrom(name, nil, from, 100); !errors.Is(err, errSource) {
		return fmt.Errorf("it gives %s, want %w", told(err), errSource)
	}
	return nil
}

func (s *subject) cancelUpload(name string) error {
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	from := &source{data: noise(27, 100), at: 50, reach: func() error { cancel(); return nil }}
	return s.with(ctx).uploadFrom(name, nil, from, 100)
}

func (s *subject) leaveListing() error {
	for _, err := range s.backend.List(s.ctx, s.dir) {
		return err
	}
	return errors.New("listing shows nothing")
}
