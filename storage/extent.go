package storage

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage/backend"
)

// extent is where the bytes of a handle are: inline, or a run of a file.
type extent struct {
	inline []byte // if not a file
	isFile bool
	path   Path
	start  int64
	size   int64 // unknown if negative
	toEnd  bool  // the run is the whole file, whatever size says
	// version is the one of the file that is meant; any if it is empty.
	version string
}

// cut returns what of the file to read for a range of the extent, and how many bytes
// that must yield if the size of the extent is known.
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

// sizeIsExact reports whether the metadata tells how many bytes there are. It does,
// except for the files of changelogs: Flink counts the bytes before they are
// compressed, and forgets the one that says whether they are (StateChangeFsUploader),
// so they are one longer, or shorter.
func (e extent) sizeIsExact() bool {
	dir, ok := e.path.Parent()
	return !e.toEnd || e.size >= 0 && (!ok || dir.Name() != changelogDir)
}

// fitsInto returns [ErrTruncated] if the file is too short for the extent.
func (e extent) fitsInto(file backend.Info) error {
	if file.Size < 0 || file.Size >= e.start+e.size {
		return nil
	}
	return fmt.Errorf("%w: the metadata says that it has at least %d bytes, it has %d", ErrTruncated, e.start+e.size, file.Size)
}

// locate finds where the bytes of a handle are. It touches no store.
func (l *location) locate(handle checkpoint.StreamStateHandle) (extent, error) {
	for {
		keyGroups, ok := handle.(*checkpoint.KeyGroupsStateHandle)
		if !ok {
			break
		}
		handle = keyGroups.Delegate
	}
	switch h := handle.(type) {
	case *checkpoint.ByteStreamStateHandle:
		return extent{inline: h.Data}, nil
	case *checkpoint.EmptySegmentFileStateHandle:
		return extent{}, nil
	case *checkpoint.FileStateHandle:
		return l.locateFile(h.Path, h.Size)
	case *checkpoint.RelativeFileStateHandle:
		return l.locateRelative(h)
	case *checkpoint.SegmentFileStateHandle:
		return l.locateSegment(h)
	case nil:
		return extent{}, errors.New("there is no handle; the metadata says that there is no state here")
	}
	return extent{}, fmt.Errorf("handles of type %T have no bytes to open", handle)
}

func (l *location) locateFile(path string, size int64) (extent, error) {
	p, err := l.storage.parse(path)
	if err != nil {
		return extent{}, fmt.Errorf("the path in the metadata: %w", err)
	}
	return extent{isFile: true, path: l.storage.relocate(p), size: size, toEnd: true}, nil
}

func (l *location) locateSegment(h *checkpoint.SegmentFileStateHandle) (extent, error) {
	if h.StartPos < 0 || h.Size < 0 || h.StartPos > math.MaxInt64-h.Size {
		return extent{}, fmt.Errorf("the metadata is damaged: a segment of %d bytes at %d of %q", h.Size, h.StartPos, h.PhysicalPath)
	}
	e, err := l.locateFile(h.PhysicalPath, h.Size)
	e.start, e.toEnd = h.StartPos, false
	return e, err
}

// locateRelative anchors a relative handle to the metadata's directory. Flink
// writes bare file names, and joins whatever it reads; "../../etc/passwd" would
// get it out, and so would a name with a scheme.
func (l *location) locateRelative(h *checkpoint.RelativeFileStateHandle) (extent, error) {
	leaves, err := checkRelative(h.RelativePath)
	if err != nil {
		return extent{}, fmt.Errorf("%w: relative path %q %w", ErrOutsideAllowed, h.RelativePath, err)
	}
	if leaves && !l.storage.anyPath {
		return extent{}, fmt.Errorf("%w: relative path %q would leave %s, the directory of the metadata; Flink writes no such paths; "+
			"if you trust this metadata, allow any path (Options.AllowAnyPath)", ErrOutsideAllowed, h.RelativePath, redact(l.dir.String()))
	}
	return extent{isFile: true, path: l.dir.Child(h.RelativePath), size: h.Size, toEnd: true}, nil
}

// checkRelative reports whether the path has a ".." in it. What cannot be a
// relative path is an error, whatever is allowed.
func checkRelative(path string) (leaves bool, err error) {
	scheme, _ := splitScheme(path)
	switch {
	case strings.Trim(path, "./") == "" && !strings.Contains(path, ".."):
		return false, errors.New("names no file")
	case strings.HasPrefix(path, "/"):
		return false, errors.New("is absolute")
	case strings.ContainsAny(path, "\\\x00"):
		return false, errors.New("has a backslash or a NUL byte")
	case scheme != "" || strings.HasPrefix(path, ":"):
		return false, errors.New("names a store of its own")
	}
	for element := range strings.SplitSeq(path, "/") {
		if element == ".." {
			return true, nil
		}
	}
	return false, nil
}
