package storagetest

import (
	"context"
	"errors"
	"io"
)

// cancelReading reads so many bytes, cancels, and reads on. It returns how many
// bytes came in all.
func (s *subject) cancelReading(name string, at int) (int, error) {
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	r, err := s.backend.Open(ctx, s.key(name), nil)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	before, err := io.CopyN(io.Discard, r, int64(at))
	if err != nil {
		return int(before), err
	}
	cancel()
	after, err := io.Copy(io.Discard, r)
	return int(before + after), err
}

// cancelListing cancels when so many elements have come, and returns how many came
// in all. After an error a listing has to end.
func (s *subject) cancelListing(at int) (count int, failed error) {
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	for _, err := range s.backend.List(ctx, s.dir) {
		if failed != nil {
			return count, errors.New("listing goes on after an error")
		}
		if failed = err; err != nil {
			continue
		}
		if count++; count == at {
			cancel()
		}
	}
	return count, failed
}
