package storage

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/cairnstate/cairn/storage/backend"
)

// stream is an open metadata file that outlives the call that opened it.
type stream struct {
	reader backend.Reader
	cancel context.CancelFunc
}

// openStream opens the object. The context bounds the opening alone, whereas a
// backend's reader needs one as long as it lives: that one is the stream's own.
func openStream(ctx context.Context, b backend.Backend, key string) (*stream, error) {
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, cancel)
	reader, err := b.Open(own, key, nil)
	if !stop() && err == nil { // ctx ended, and took own with it
		_ = reader.Close()
		err = context.Cause(ctx)
	}
	if err != nil {
		cancel()
		return nil, causeOf(ctx, err)
	}
	return &stream{reader, cancel}, nil
}

// causeOf adds to an error why the context ended, if that is why it came.
func causeOf(ctx context.Context, err error) error {
	cause := context.Cause(ctx)
	if cause == nil || errors.Is(err, cause) {
		return err
	}
	return fmt.Errorf("%w: %w", cause, err)
}

// read reads the whole object, as long as ctx allows.
func (s *stream) read(ctx context.Context, limit int64) ([]byte, error) {
	stop := context.AfterFunc(ctx, s.cancel)
	defer stop()
	data, err := readWhole(s.reader, limit)
	if err != nil {
		return nil, causeOf(ctx, err)
	}
	return data, nil
}

func (s *stream) close() error {
	defer s.cancel()
	return s.reader.Close()
}

// ErrMetadataTooLarge says that a metadata file is larger than
// [Options.MaxMetadataSize].
var ErrMetadataTooLarge = errors.New("metadata file too large")

// readWhole reads an object into one buffer of its size; if the store does not
// say the size, memory grows as bytes come.
func readWhole(r backend.Reader, limit int64) ([]byte, error) {
	size := r.Info().Size
	if size > limit {
		return nil, tooLarge(fmt.Sprintf("%d bytes", size), limit)
	}
	if size < 0 {
		data, err := io.ReadAll(io.LimitReader(r, limit+1))
		if err == nil && int64(len(data)) > limit {
			return nil, tooLarge("more", limit)
		}
		return data, err
	}
	data := make([]byte, size)
	n, err := io.ReadFull(r, data)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("it ended after %d of %d bytes: %w", n, size, io.ErrUnexpectedEOF)
	}
	if err != nil {
		return nil, err
	}
	return data, atEnd(r, size)
}

func atEnd(r io.Reader, size int64) error {
	switch _, err := io.ReadFull(r, make([]byte, 1)); {
	case err == nil:
		return fmt.Errorf("it has more than the %d bytes that the store told: it is being written to", size)
	case !errors.Is(err, io.EOF):
		return err
	}
	return nil
}

func tooLarge(size string, limit int64) error {
	return fmt.Errorf("%w: it has %s, %d are allowed; if it is what you want to read, raise Options.MaxMetadataSize", ErrMetadataTooLarge, size, limit)
}
