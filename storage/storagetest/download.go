package storagetest

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"github.com/cairnstate/cairn/storage/backend"
)

// sink is where a download goes. Its zero value is empty and ready.
type sink struct {
	mu   sync.Mutex
	data []byte // guarded by mu
}

func (k *sink) WriteAt(p []byte, offset int64) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if end := int(offset) + len(p); end > len(k.data) {
		k.data = append(k.data, make([]byte, end-len(k.data))...)
	}
	return copy(k.data[offset:], p), nil
}

// download checks that what comes is what should.
func (s *subject) download(name string, opts *backend.OpenOptions, want []byte, size int) error {
	var got sink
	info, err := backend.Download(s.ctx, s.backend, s.key(name), opts, &got)
	switch {
	case err != nil:
		return err
	case !bytes.Equal(got.data, want):
		return fmt.Errorf("got %s, want %s", brief(got.data), brief(want))
	}
	return expectInfo("Download", info, s.key(name), size)
}

func downloadWhole(s *subject) error {
	for _, content := range [][]byte{nil, []byte("content"), noise(13, s.opts.largeSize())} {
		if err := s.put("object", content); err != nil {
			return err
		}
		if err := s.download("object", nil, content, len(content)); err != nil {
			return err
		}
	}
	if _, err := backend.Download(s.ctx, s.backend, s.key("absent"), nil, new(sink)); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("downloading what is absent gives %s, want fs.ErrNotExist", told(err))
	}
	return nil
}

func downloadRanges(s *subject) error {
	if err := s.put("object", []byte(digits)); err != nil {
		return err
	}
	for _, e := range edges() {
		opts := &backend.OpenOptions{Offset: e.offset, Length: e.length}
		if err := s.download("object", opts, []byte(e.want), len(digits)); err != nil {
			return fmt.Errorf("offset %d, length %d: %w", e.offset, e.length, err)
		}
	}
	large := noise(14, s.opts.largeSize())
	if err := s.put("large", large); err != nil {
		return err
	}
	offset, length := 3, len(large)-10
	opts := &backend.OpenOptions{Offset: int64(offset), Length: int64(length)}
	if err := s.download("large", opts, large[offset:offset+length], len(large)); err != nil {
		return fmt.Errorf("offset %d, length %d: %w", offset, length, err)
	}
	return s.downloadVersion()
}

// downloadVersion asks for a version that was replaced, if the store tells any.
func (s *subject) downloadVersion() error {
	old, err := s.version("object", "old")
	if errors.Is(err, ErrNotPromised) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.put("object", []byte("new")); err != nil {
		return err
	}
	_, err = backend.Download(s.ctx, s.backend, s.key("object"), &backend.OpenOptions{Version: old}, new(sink))
	if !errors.Is(err, backend.ErrChanged) {
		return fmt.Errorf("downloading a version that was replaced gives %s, want backend.ErrChanged", told(err))
	}
	return nil
}
