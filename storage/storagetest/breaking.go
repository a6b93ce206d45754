package storagetest

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"

	"github.com/cairnstate/cairn/storage/backend"
)

// failedWriteIsKept breaks the store between two Writes, for a caller who does not
// look at what they return. Commit may find the store mended, and publish all there
// was to write; what it may not do is publish what got through.
func (s *subject) failedWriteIsKept() error {
	if s.opts.Break == nil {
		return nil
	}
	content := noise(16, 3*s.opts.largeSize())
	w, err := s.backend.Create(s.ctx, s.key("object"), nil)
	if err != nil {
		return err
	}
	defer w.Close()
	committed, err := s.writeBroken(w, content)
	if err != nil {
		return err
	}
	if committed == nil {
		return s.expect("object", content)
	}
	if got, _, err := s.get("object", nil); !errors.Is(err, fs.ErrNotExist) && !bytes.Equal(got, content) {
		return fmt.Errorf("of %d bytes some were written while the store was broken; Commit gives %w, and there are %d bytes, %s", len(content), committed, len(got), told(err))
	}
	return w.Close()
}

// writeBroken writes a third, a third to a store that is broken, and a third.
func (s *subject) writeBroken(w backend.Writer, content []byte) (committed, err error) {
	third := len(content) / 3
	if _, err := w.Write(content[:third]); err != nil {
		return nil, err
	}
	if err := s.opts.Break(s.ctx, true); err != nil {
		return nil, fmt.Errorf("breaking the store: %w", err)
	}
	_, _ = w.Write(content[third : 2*third])
	if err := s.opts.Break(s.ctx, false); err != nil {
		return nil, fmt.Errorf("mending the store: %w", err)
	}
	_, _ = w.Write(content[2*third:])
	return w.Commit(), nil
}
