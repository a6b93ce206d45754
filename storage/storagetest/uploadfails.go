package storagetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

// breaking is an upload to which something happens at a byte.
type breaking struct {
	name     string
	opts     *backend.CreateOptions
	size, at int
}

// breakings are uploads of one request and of several, over an object and over none.
func (s *subject) breakings() []breaking {
	large := s.opts.largeSize()
	all := []breaking{
		{"new", nil, 8, 0}, {"kept", nil, 8, 5}, {"new", nil, 8, 7},
		{"kept", nil, large, 0}, {"new", nil, large, large / 2}, {"kept", nil, large, large - 1},
	}
	if !backend.LimitsOf(s.backend).NoExclusiveCreate {
		all = append(all, breaking{"new", ifAbsent(), 8, 5}, breaking{"new", ifAbsent(), large, large / 2})
	}
	return all
}

// breakUploads lets do upload what will not arrive, and checks that each fails with
// the error and changes nothing.
func (s *subject) breakUploads(want error, do func(breaking) error) error {
	if err := s.put("kept", []byte("old")); err != nil {
		return err
	}
	for _, b := range s.breakings() {
		err := do(b)
		if !errors.Is(err, want) {
			return fmt.Errorf("at byte %d of %d: uploading gives %s, want %w", b.at, b.size, told(err), want)
		}
		if err := errors.Join(s.expectAbsent("new"), s.expect("kept", []byte("old")), s.expectList("", "kept")); err != nil {
			return fmt.Errorf("after an upload that failed at byte %d of %d: %w", b.at, b.size, err)
		}
	}
	return nil
}

func uploadEndsEarly(s *subject) error {
	return s.breakUploads(io.ErrUnexpectedEOF, func(b breaking) error {
		return s.uploadFrom(b.name, b.opts, eager{noise(22, b.at)}, b.size)
	})
}

func uploadFails(s *subject) error {
	return s.breakUploads(errSource, func(b breaking) error {
		from := &source{data: noise(23, b.size), at: b.at, reach: func() error { return errSource }}
		return s.uploadFrom(b.name, b.opts, from, b.size)
	})
}

// contextEndsUpload cancels before the byte is given. All bytes come, so it is not the
// source that ends the upload.
func contextEndsUpload(s *subject) error {
	return s.breakUploads(context.Canceled, func(b breaking) error {
		ctx, cancel := context.WithCancel(s.ctx)
		defer cancel()
		from := &source{data: noise(24, b.size), at: b.at, reach: func() error { cancel(); return nil }}
		return s.with(ctx).uploadFrom(b.name, b.opts, from, b.size)
	})
}

// uploadReadsNoMore ends uploads in each way, and looks whether somebody still reads
// then, or when the store was asked for something else. When one part fails others may
// be on their way: their reading takes a moment longer.
func uploadReadsNoMore(s *subject) error {
	const linger = 20 * time.Millisecond
	size := s.opts.largeSize()
	content := noise(25, size)
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	for _, way := range []struct {
		what string
		from *source
		s    *subject
	}{
		{"after all went well", &source{data: content}, s},
		{"after the source failed", &source{data: content, at: size / 2, linger: linger, reach: func() error { return errSource }}, s},
		{"after the context ended", &source{data: content, at: size / 2, linger: linger, reach: func() error { cancel(); return nil }}, s.with(ctx)},
	} {
		failed := way.s.uploadFrom("object", nil, way.from, size)
		way.from.end()
		if (failed == nil) != (way.from.reach == nil) {
			return fmt.Errorf("%s: uploading gives %s", way.what, told(failed))
		}
		if err := errors.Join(s.expect("object", content), way.from.left()); err != nil {
			return fmt.Errorf("%s: %w", way.what, err)
		}
	}
	return nil
}
