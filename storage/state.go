package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage/backend"
)

// ErrTruncated says that a state file is shorter than the metadata says.
var ErrTruncated = errors.New("state file is truncated")

// OpenState opens all bytes of the handle.
func (l *location) OpenState(ctx context.Context, handle checkpoint.StreamStateHandle) (io.ReadCloser, error) {
	return l.OpenStateRange(ctx, handle, 0, 0)
}

// OpenStateRange opens a range of the handle's bytes.
func (l *location) OpenStateRange(ctx context.Context, handle checkpoint.StreamStateHandle, offset, length int64) (io.ReadCloser, error) {
	e, err := l.locate(handle)
	if err == nil && (offset < 0 || length < 0) {
		err = fmt.Errorf("%w: negative range", fs.ErrInvalid)
	}
	if err != nil {
		return nil, fmt.Errorf("storage: open state of %s: %w", l, err)
	}
	if !e.isFile {
		return io.NopCloser(bytes.NewReader(clip(e.inline, offset, length))), nil
	}
	r, err := l.openExtent(ctx, e, offset, length)
	if err != nil {
		return nil, fmt.Errorf("storage: open state %q of %s: %w", redact(e.path.String()), l, err)
	}
	return r, nil
}

// clip returns a range of data; length 0 means to the end.
func clip(data []byte, offset, length int64) []byte {
	data = data[min(offset, int64(len(data))):]
	if length > 0 {
		data = data[:min(length, int64(len(data)))]
	}
	return data
}

func (l *location) openExtent(ctx context.Context, e extent, offset, length int64) (io.ReadCloser, error) {
	opts, want := e.cut(offset, length)
	if !e.toEnd && want == 0 {
		return l.openNothing(e)
	}
	r, err := l.openAllowed(ctx, e.path, opts)
	if err != nil {
		return nil, err
	}
	if e.size < 0 || !sizeIsExact(e.path) {
		return r, nil
	}
	if has := r.Info().Size; has >= 0 && has < e.start+e.size {
		_ = r.Close()
		return nil, fmt.Errorf("%w: the metadata says that it has at least %d bytes, it has %d", ErrTruncated, e.start+e.size, has)
	}
	return &complete{Reader: r, path: e.path, missing: want}, nil
}

// openNothing opens an empty part of a segment, which needs no store: a range of
// no bytes cannot be asked for.
func (l *location) openNothing(e extent) (io.ReadCloser, error) {
	if len(l.storage.allowing(l.own, e.path)) == 0 && !l.storage.anyPath {
		return nil, l.outside(e.path)
	}
	return io.NopCloser(bytes.NewReader(nil)), nil
}

// cut returns what of the file to open for a range of the extent, and how many
// bytes that must yield if the size of the extent is known.
func (e extent) cut(offset, length int64) (opts backend.OpenOptions, want int64) {
	want = max(e.size-offset, 0)
	if length > 0 {
		want = min(want, length)
	}
	opts = backend.OpenOptions{Offset: e.start + offset, Length: length, Version: e.version}
	if !e.toEnd {
		opts.Length = want
	}
	return opts, want
}

// openAllowed opens a file if one of the allowed places holds it.
func (l *location) openAllowed(ctx context.Context, p Path, opts backend.OpenOptions) (backend.Reader, error) {
	if key := p.Key(); !backend.ValidKey(key) {
		return nil, fmt.Errorf("%w: it names no file", fs.ErrInvalid)
	}
	if l.storage.anyPath {
		return l.open(ctx, p, opts)
	}
	for _, place := range l.storage.allowing(l.own, p) {
		opts.Within = place.anchor
		r, err := l.open(ctx, p, opts)
		if !errors.Is(err, backend.ErrEscapes) {
			return r, err
		} // a wider place may hold what the link leads to
	}
	return nil, l.outside(p)
}

func (l *location) open(ctx context.Context, p Path, opts backend.OpenOptions) (backend.Reader, error) {
	b, err := l.storage.backendOf(ctx, p)
	if err != nil {
		return nil, err
	}
	return b.Open(ctx, p.Key(), &opts)
}

// outside says that a path is outside, of what, and how to allow it.
func (l *location) outside(p Path) error {
	reason := ""
	if len(l.storage.allowing(l.own, p)) > 0 {
		reason = " (" + backend.ErrEscapes.Error() + ")"
	}
	return fmt.Errorf("%w%s; allowed are %s; to allow it, name its directory as a location (Options.Locations), "+
		"as a relocation if its files were copied (Options.Relocate), or, if you trust this metadata, any path (Options.AllowAnyPath)",
		ErrOutsideAllowed, reason, describe(slices.Concat(l.own, l.storage.places)))
}

// sizeIsExact reports whether the metadata tells how many bytes the file has. It
// does, except for the files of changelogs: Flink counts the bytes before they
// are compressed, and forgets the one that says whether they are
// (StateChangeFsUploader), so they are one longer, or shorter.
func sizeIsExact(p Path) bool {
	dir, ok := p.Parent()
	return !ok || dir.Name() != changelogDir
}

// complete is a reader that does not end before the bytes that must come.
type complete struct {
	backend.Reader
	path    Path
	missing int64
}

func (c *complete) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.missing -= int64(n)
	if errors.Is(err, io.EOF) && c.missing > 0 {
		return n, fmt.Errorf("storage: read state %q: %w: it ended %d bytes early: %w", redact(c.path.String()), ErrTruncated, c.missing, io.ErrUnexpectedEOF)
	}
	return n, err
}
