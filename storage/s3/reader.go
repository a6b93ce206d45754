package s3

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"net/http"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/cause"
)

// reader reads a range of an object: through as many bodies as it takes, one
// after the other, and what is far off through ranges that are fetched ahead.
type reader struct {
	backend *Backend
	calls   *calls
	ctx     context.Context
	info    backend.Info
	etag    string        // of the object that is being read, so that no two are mixed
	body    io.ReadCloser // nil if there is none at the moment
	seat    seat
	at      int64 // the next byte, in the object
	stop    int64 // the one after the last that is read from bodies
	end     int64 // the one after the last
	moved   bool  // a byte came out of body
	ahead   *ahead
	closed  bool

	sum  string // of the whole, if sums is not nil
	sums hash.Hash
}

// Info describes the whole object.
func (r *reader) Info() backend.Info { return r.info }

// Read reads on. A body that breaks off is resumed, if it brought anything. When the
// context has ended, what has arrived is not handed out any more.
func (r *reader) Read(p []byte) (int, error) {
	switch {
	case r.closed:
		return 0, r.fail(fs.ErrClosed)
	case r.ctx.Err() != nil:
		return 0, r.fail(r.ctx.Err())
	case r.at == r.end:
		return 0, io.EOF
	case len(p) == 0:
		return 0, nil
	}
	n, err := r.read(p)
	if r.sums != nil {
		r.sums.Write(p[:n])
	}
	if err == nil && r.at == r.end {
		r.release()
		if err = r.check(); err == nil {
			return n, io.EOF
		}
	}
	if err != nil {
		return n, r.fail(err)
	}
	return n, nil
}

func (r *reader) read(p []byte) (int, error) {
	if r.at == r.stop {
		if err := r.turn(); err != nil {
			return 0, err
		}
	}
	if r.at < r.stop {
		return r.stream(p)
	}
	n, err := r.ahead.read(p)
	r.at += int64(n)
	return n, err
}

// turn goes on where the bodies stop: to what was fetched ahead, or if there is
// no memory for it to one more body.
func (r *reader) turn() error {
	r.release()
	if r.etag == "" {
		return errNoTag
	}
	r.lookAhead()
	if r.ahead == nil {
		r.stop = min(r.end, r.at+largeFrom*int64(r.backend.options.PartSize))
	}
	return nil
}

// stream reads from the body.
func (r *reader) stream(p []byte) (int, error) {
	if err := r.attend(); err != nil {
		return 0, err
	}
	n, err := r.body.Read(p[:min(int64(len(p)), r.stop-r.at)])
	r.at += int64(n)
	r.moved = r.moved || n > 0
	if r.at == r.stop {
		return n, nil
	}
	if err == nil {
		r.rest()
		return n, nil
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	moved := r.moved
	r.release()
	if !moved || r.etag == "" || r.ctx.Err() != nil {
		return n, err
	}
	return n, nil // and the next body goes on
}

// rest lets others have the connection while nobody reads, and fetches ahead if
// the reading goes on and on.
func (r *reader) rest() {
	if r.stop < r.end && r.at >= r.stop-int64(r.backend.options.PartSize)/2 {
		r.lookAhead()
	}
	if r.etag != "" {
		r.backend.seats.rest(&r.seat, r.body)
	}
}

// attend sees to it that there is a body to read from.
func (r *reader) attend() error {
	if r.body != nil && r.backend.seats.wake(&r.seat) {
		return nil
	}
	r.body, r.moved = nil, false
	if err := r.backend.seats.take(r.ctx); err != nil {
		return err
	}
	body, err := r.backend.piece(r.ctx, r.calls, r.info.Key, r.etag, r.at, r.stop-r.at)
	if err != nil {
		r.backend.seats.give()
		return err
	}
	r.body = body
	return nil
}

// release closes the body and leaves its seat.
func (r *reader) release() {
	if r.body == nil {
		return
	}
	r.body.Close()
	if r.backend.seats.wake(&r.seat) {
		r.backend.seats.give()
	}
	r.body, r.moved = nil, false
}

// check compares the checksum of the whole, if there is one and all was read.
func (r *reader) check() error {
	if r.sums == nil || base64.StdEncoding.EncodeToString(r.sums.Sum(nil)) == r.sum {
		return nil
	}
	return cause.New("what arrived is not what the store's checksum says", backend.ErrTransient, errChecksum)
}

var errNoTag = errors.New("the store tells no entity tag, so a long range cannot be read in pieces: open the whole object")

var errChecksum = errors.New("checksum differs")

// WriteTo writes the rest to w, what was fetched ahead without copying it.
func (r *reader) WriteTo(w io.Writer) (int64, error) {
	buffer := r.backend.buffers.get(mediumBuffer)
	defer r.backend.buffers.put(buffer)
	written := int64(0)
	for {
		n, err := r.writeSome(w, buffer[:cap(buffer)])
		written += int64(n)
		if own, ok := errors.AsType[*writingError](err); ok {
			return written, own.err
		}
		if errors.Is(err, io.EOF) {
			return written, nil
		}
		if err != nil {
			return written, err
		}
	}
}

func (r *reader) writeSome(w io.Writer, buffer []byte) (int, error) {
	if r.closed || r.ahead == nil || r.at < r.stop || r.at == r.end {
		n, err := io.ReadAtLeast(r, buffer, gathered)
		if err == io.ErrUnexpectedEOF { // what io.ReadAtLeast makes of io.EOF; ours is wrapped
			err = io.EOF
		}
		if written, failed := w.Write(buffer[:n]); failed != nil {
			return written, &writingError{failed}
		}
		return n, err
	}
	piece, err := r.ahead.peek()
	if err == nil {
		err = r.ctx.Err()
	}
	if err != nil {
		return 0, r.fail(err)
	}
	n, err := w.Write(piece)
	r.ahead.skip(n)
	r.at += int64(n)
	if err != nil {
		err = &writingError{err}
	}
	return n, err
}

// writingError is an error of the caller's writer.
type writingError struct{ err error }

func (e *writingError) Error() string { return e.err.Error() }

// Close ends reading, and what was fetched ahead.
func (r *reader) Close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	r.release()
	if r.ahead != nil {
		r.ahead.close()
	}
	return nil
}

func (r *reader) fail(err error) error { return r.backend.fail(r.ctx, "read", r.info.Key, err) }

// piece asks for a piece of the version with this entity tag.
func (b *Backend) piece(ctx context.Context, calls *calls, key, etag string, offset, length int64) (io.ReadCloser, error) {
	asked := backend.OpenOptions{Offset: offset, Length: length}
	found, err := calls.get(ctx, key, rangeOf(asked), etag)
	if status(err) == http.StatusPreconditionFailed {
		return nil, changed(err)
	}
	if err != nil {
		return nil, err
	}
	if _, err := found.size(asked); err != nil || found.length != length {
		found.body.Close()
		return nil, fmt.Errorf("%w (%d bytes of %d)", errRange, found.length, length)
	}
	return found.body, nil
}
