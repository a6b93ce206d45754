package metadata

import (
	"encoding/binary"
	"unsafe"

	"github.com/cairnstate/cairn/checkpoint"
)

// Metadata that is written again is mostly as it was read, and most of it is files
// of incremental snapshots. A list of them that stands in the source as it would
// be written is taken from there, see run.go. Nothing tells that a value was not
// changed, so each is compared: its strings must be views of the source, just where
// the encoding would put them, and the numbers around them must be the same.

// unchanged returns where the encoding of the files stands in the source, all of
// them one behind the other; nothing if they do not.
func (e *encoder) unchanged(files []checkpoint.HandleAndLocalPath) (begin, end int) {
	begin = e.offsetOf(files[0].LocalPath) - 2
	end = begin
	for i := 0; i < len(files) && end >= 0; i++ {
		end = endOf(&files[i], e.source, end)
	}
	return begin, end
}

// offsetOf returns where in the source the string is a view of; -1 if it is none.
func (e *encoder) offsetOf(s string) int {
	if len(s) == 0 || len(e.source) == 0 {
		return -1
	}
	offset := uintptr(unsafe.Pointer(unsafe.StringData(s))) - uintptr(unsafe.Pointer(unsafe.SliceData(e.source)))
	if offset >= uintptr(len(e.source)) {
		return -1
	}
	return int(offset)
}

// endOf returns where the encoding of the file ends if it stands in the source at
// the offset; -1 if it does not.
func endOf(file *checkpoint.HandleAndLocalPath, source []byte, at int) int {
	h, ok := file.Handle.(*checkpoint.FileStateHandle)
	if !ok || h == nil {
		return -1
	}
	name := at + 2
	tag := name + len(file.LocalPath)
	path := tag + 1 + 8 + 2
	end := path + len(h.Path)
	begin := unsafe.Pointer(unsafe.SliceData(source))
	if end > len(source) ||
		unsafe.Pointer(unsafe.StringData(file.LocalPath)) != unsafe.Add(begin, name) ||
		unsafe.Pointer(unsafe.StringData(h.Path)) != unsafe.Add(begin, path) {
		return -1
	}
	length, numbers := (*[2]byte)(source[at:name]), (*[11]byte)(source[tag:path])
	if int(binary.BigEndian.Uint16(length[:])) != len(file.LocalPath) || numbers[0] != tagFile ||
		int64(binary.BigEndian.Uint64(numbers[1:])) != h.Size || int(binary.BigEndian.Uint16(numbers[9:])) != len(h.Path) {
		return -1
	}
	return end
}
