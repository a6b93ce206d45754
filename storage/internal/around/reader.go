package around

import (
	"errors"
	"io"

	"github.com/cairnstate/cairn/storage/backend"
)

// reader hooks the calls of a reader. Its one call is used again for each of them:
// there may be millions.
type reader struct {
	hook   Hook
	within backend.Reader
	stream Stream
	call   Call
	read   func() error
	closed bool
}

func newReader(hook Hook, within backend.Reader, opened *Call) *reader {
	r := &reader{hook: hook, within: within, stream: Stream{Open: *opened}}
	r.read = func() error {
		n, err := r.within.Read(r.call.Data)
		r.call.N += int64(n)
		return err
	}
	return r
}

func (r *reader) Info() backend.Info { return r.stream.Open.Info }

func (r *reader) Read(p []byte) (int, error) {
	r.call = r.stream.call(Read)
	r.call.Data = p
	err := r.hook(&r.call, r.read)
	r.stream.after(&r.call, err)
	return int(r.call.N), err
}

func (r *reader) Close() error {
	if r.closed {
		return r.within.Close()
	}
	r.call = r.stream.call(Close)
	err := r.hook(&r.call, r.within.Close)
	r.closed = err == nil
	return err
}

// call returns the next call of the stream.
func (s *Stream) call(op Op) Call {
	return Call{Context: s.Open.Context, Op: op, Key: s.Open.Key, IfAbsent: s.Open.IfAbsent, Offset: s.Bytes, Stream: s}
}

// after counts what the call did.
func (s *Stream) after(c *Call, err error) {
	s.Bytes += c.N
	if s.Err == nil && err != nil && !errors.Is(err, io.EOF) {
		s.Err = err
	}
}
