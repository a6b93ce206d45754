package sharedstate

import (
	"encoding/binary"
	"encoding/hex"
)

// name is the last part of a path, in 16 bytes: a UUID, as Flink and cairn name files
// of state, or a text that is short enough. Names that are neither have no name, and
// the whole path is their place. Equal names are equal values.
type name struct {
	high, low uint64 // big endian; behind a text there are zeros
	form      form
}

// form says how the 16 bytes are meant: as a text of so many, or as a UUID.
type form uint8

const (
	noName   form = 0
	longest  form = 16
	uuidForm form = longest + 1
)

// nameOf returns false if the text does not fit.
func nameOf(text string) (name, bool) {
	if len(text) == uuidLength {
		return uuid(text)
	}
	if len(text) > int(longest) {
		return name{}, false
	}
	var b [longest]byte
	copy(b[:], text)
	return name{high: binary.BigEndian.Uint64(b[:8]), low: binary.BigEndian.Uint64(b[8:]), form: form(len(text))}, true
}

// append appends the text.
func (n name) append(to []byte) []byte {
	var b [longest]byte
	binary.BigEndian.PutUint64(b[:8], n.high)
	binary.BigEndian.PutUint64(b[8:], n.low)
	if n.form != uuidForm {
		return append(to, b[:n.form]...)
	}
	for i, group := range [][]byte{b[:4], b[4:6], b[6:8], b[8:10], b[10:]} {
		if i > 0 {
			to = append(to, '-')
		}
		to = hex.AppendEncode(to, group)
	}
	return to
}

// length is that of the text.
func (n name) length() int {
	if n.form == uuidForm {
		return uuidLength
	}
	return int(n.form)
}
