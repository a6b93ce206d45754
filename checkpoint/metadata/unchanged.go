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
	source, end := e.source, begin
	for i := range files {
		if end = endOf(&files[i], source, end); end < 0 {
			return nil
		}
	}
	return source[begin:end]
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
	if !ok || len(file.LocalPath) == 0 || len(h.Path) == 0 {
		return -1
	}
	handle := at + 2 + len(file.LocalPath)
	path := handle + 1 + 8 + 2
	end := path + len(h.Path)
	if uint(end) > uint(len(source)) || uint(at) > uint(end) {
		return -1
	}
	begin := unsafe.Pointer(unsafe.SliceData(source))
	if unsafe.Pointer(unsafe.StringData(file.LocalPath)) != unsafe.Add(begin, at+2) ||
		unsafe.Pointer(unsafe.StringData(h.Path)) != unsafe.Add(begin, path) {
		return -1
	}
	numbers := (*[11]byte)(source[handle:path])
	if int(binary.BigEndian.Uint16(source[at:])) != len(file.LocalPath) || numbers[0] != tagFile ||
		int64(binary.BigEndian.Uint64(numbers[1:])) != h.Size || int(binary.BigEndian.Uint16(numbers[9:])) != len(h.Path) {
		return -1
	}
	return end
}
