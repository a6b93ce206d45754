package cdk_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"gocloud.dev/blob"
	"gocloud.dev/blob/driver"
	"gocloud.dev/gcerrors"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/cdk"
)

// script is a driver that does what the test says. Verbs that a test does not
// give it panic.
type script struct {
	driver.Bucket
	attributes func() (*driver.Attributes, error)
	open       func(offset, length int64) (driver.Reader, error)
	commit     func(metadata map[string]string) error
	remove     func() error
	write      error // of every Write
}

// coded is an error with a code of gocloud's.
type coded struct {
	gcerrors.ErrorCode
	text string
}

func (c coded) Error() string { return c.text }

func (script) ErrorCode(err error) gcerrors.ErrorCode {
	if c, ok := errors.AsType[coded](err); ok {
		return c.ErrorCode
	}
	return gcerrors.Unknown
}

func (s script) Attributes(context.Context, string) (*driver.Attributes, error) {
	return s.attributes()
}
func (s script) Delete(context.Context, string, *driver.DeleteOptions) error { return s.remove() }
func (s script) Close() error                                                { return nil }

func (s script) NewRangeReader(_ context.Context, _ string, offset, length int64, _ *driver.ReaderOptions) (driver.Reader, error) {
	return s.open(offset, length)
}

func (s script) NewTypedWriter(ctx context.Context, _, _ string, opts *driver.WriterOptions) (driver.Writer, error) {
	return &sink{ctx: ctx, write: s.write, commit: func() error { return s.commit(opts.Metadata) }}, nil
}

// sink commits when it is closed and not cancelled, as gocloud wants it.
type sink struct {
	ctx    context.Context
	write  error
	commit func() error
}

func (s *sink) Write(p []byte) (int, error) { return len(p), s.write }

func (s *sink) Close() error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	return s.commit()
}

// body is a driver's reader.
type body struct {
	io.Reader
	size int64
}

func (b body) Close() error                         { return nil }
func (b body) Attributes() *driver.ReaderAttributes { return &driver.ReaderAttributes{Size: b.size} }
func (b body) As(any) bool                          { return false }

func open(t *testing.T, s script) *cdk.Backend { return openAs(t, "kept", s) }

func openAs(t *testing.T, scheme string, s driver.Bucket) *cdk.Backend {
	t.Helper()
	b := cdk.New(blob.NewBucket(s), backend.Root{Scheme: scheme, Authority: "c"})
	t.Cleanup(func() { b.Close() })
	return b
}

var anyError = errors.New("any error")

func check(t *testing.T, err, want error, says string) {
	t.Helper()
	switch {
	case want == nil && err != nil:
		t.Fatalf("error: %v", err)
	case want != nil && err == nil:
		t.Fatalf("no error, want %v", want)
	case want != nil && want != anyError && !errors.Is(err, want):
		t.Errorf("error %v is not %v", err, want)
	}
	if err != nil && !strings.Contains(err.Error(), says) {
		t.Errorf("error %q does not say %q", err, says)
	}
}

func write(ctx context.Context, b backend.Backend, key string, data []byte, opts *backend.CreateOptions) error {
	w, err := b.Create(ctx, key, opts)
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := w.Write(data); err != nil {
		return err
	}
	return w.Commit()
}

func readAll(ctx context.Context, b backend.Backend, key string, opts *backend.OpenOptions) ([]byte, error) {
	r, err := b.Open(ctx, key, opts)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}
