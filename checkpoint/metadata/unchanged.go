package metadata

import (
	"encoding/binary"
	"unsafe"

	"github.com/cairnstate/cairn/checkpoint"
)

// Metadata that is written again is mostly as it was read, and most of it is files
// of incremental snapshots. A list of them that stands in the source as it would
// be written goes out in one copy. Nothing tells that a value was not changed, so each
// is compared: its strings must be views of the source, just where the encoding
// would put them, and the numbers around them must be the same.

// unchanged returns the encoding of the files if all of them stand in the source,
// one behind the other; nil if not.
func (e *encoder) unchanged(files []checkpoint.HandleAndLocalPath) []byte {
	if len(files) == 0 {
		return nil
	}
	begin := e.offsetOf(files[0].LocalPath) - 2
	if begin < 0 {
		return nil
	}
	end := begin
	for i := range files {
		if end = e.endOf(&files[i], end); end < 0 {
			return nil
		}
	}
	return e.source[begin:end]
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
func (e *encoder) endOf(file *checkpoint.HandleAndLocalPath, at int) int {
	h, ok := file.Handle.(*checkpoint.FileStateHandle)
	if !ok {
		return -1
	}
	handle := at + 2 + len(file.LocalPath)
	path := handle + 1 + 8 + 2
	end := path + len(h.Path)
	if end > len(e.source) || !e.isAt(file.LocalPath, at+2) || !e.isAt(h.Path, path) {
		return -1
	}
	s := e.source[at:end]
	numbers := s[handle-at:]
	if int(binary.BigEndian.Uint16(s)) != len(file.LocalPath) || numbers[0] != tagFile ||
		int64(binary.BigEndian.Uint64(numbers[1:])) != h.Size || int(binary.BigEndian.Uint16(numbers[9:])) != len(h.Path) {
		return -1
	}
	return end
}

// isAt reports whether the string is a view of the source at the offset.
func (e *encoder) isAt(s string, offset int) bool {
	return len(s) > 0 && unsafe.StringData(s) == &e.source[offset]
}
