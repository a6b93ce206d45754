package metadata

import (
	"encoding/binary"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
)

// The files of an incremental snapshot are nearly all of a large checkpoint:
//
//	i32 n, n times utf local path and stream handle
//
// The rule, a whole file with plain characters in its paths, is written in a loop of
// its own, which looks at each thing once and makes room for a file at once.

const (
	localFileBytes = 3             // of a file, at least: an empty path and a tag
	aroundPaths    = 2 + 1 + 8 + 2 // of a whole file: length, tag, size, length
)

func (d *decoder) files(what string) []checkpoint.HandleAndLocalPath {
	files := d.mem.localFiles.slice(d, d.count("files", localFileBytes))
	for i := range d.each(what, len(files)) {
		files[i].LocalPath = d.utf()
		files[i].Handle = d.delegate()
	}
	return files
}

func (e *encoder) files(what string, files []checkpoint.HandleAndLocalPath) {
	e.count(len(files))
	if len(files) == 0 {
		return
	}
	if begin, end := e.unchanged(files); begin < end {
		e.again(begin, end)
		return
	}
	e.settle() // now, while little follows that would have to move
	plain := e.plainFiles(files)
	for i := range e.each(what, len(files)) {
		if i >= plain {
			e.utf(files[i].LocalPath)
			e.delegate(files[i].Handle)
		}
	}
}

// plainFiles writes whole files with plain paths, up to the first that is
// something else, and returns how many it wrote.
func (e *encoder) plainFiles(files []checkpoint.HandleAndLocalPath) int {
	for i := range files {
		name := files[i].LocalPath
		h, ok := files[i].Handle.(*checkpoint.FileStateHandle)
		if !ok || h == nil || len(name) > maxUTF || len(h.Path) > maxUTF {
			return i
		}
		n := aroundPaths + len(name) + len(h.Path)
		buf := slices.Grow(e.buf, n)
		b := buf[len(buf) : len(buf)+n]
		binary.BigEndian.PutUint16(b, uint16(len(name)))
		handle := b[2+len(name):]
		handle[0] = tagFile
		binary.BigEndian.PutUint64(handle[1:], uint64(h.Size))
		binary.BigEndian.PutUint16(handle[9:], uint16(len(h.Path)))
		if !copyVerbatim(b[2:], name) || !copyVerbatim(handle[11:], h.Path) {
			return i
		}
		e.buf = buf[:len(buf)+n]
	}
	return len(files)
}
