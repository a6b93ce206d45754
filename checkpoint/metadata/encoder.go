package metadata

import (
	"encoding/binary"
	"fmt"
	"io"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
)

// encoder appends the primitives of Java's DataOutput to a byte slice, which it
// hands on to a writer, if it has one, whenever a piece has come together.
type encoder struct {
	place
	layout
	buf     []byte
	w       io.Writer
	version int
	source  []byte // that the file was decoded from
	run     run    // of the source, that is still to be written
	made    bool   // by a program, and not decoded from anything
	anchor  string // makes relative files absolute; empty to leave them
}

const (
	pieceBytes = 64 << 10
	firstPiece = 4 << 10 // grows if it must
)

// fail notes that the value has no encoding.
func (e *encoder) fail(format string, args ...any) {
	e.wrong(noOffset, fmt.Errorf("%w: %s", ErrUnencodable, fmt.Sprintf(format, args...)))
}

const noOffset = -1

// flush hands on what has come together, if it is a piece.
func (e *encoder) flush(piece int) {
	if e.w == nil || len(e.buf) < piece {
		return
	}
	e.settle()
	e.write(e.buf)
	e.buf = e.buf[:0]
}

func (e *encoder) write(piece []byte) {
	if e.err != nil {
		return
	}
	if _, err := e.w.Write(piece); err != nil {
		e.wrong(noOffset, err)
	}
}

func (e *encoder) u8(v byte)                   { e.buf = append(e.buf, v) }
func (e *encoder) u16(v int)                   { e.buf = binary.BigEndian.AppendUint16(e.buf, uint16(v)) }
func (e *encoder) i32(v int32)                 { e.buf = binary.BigEndian.AppendUint32(e.buf, uint32(v)) }
func (e *encoder) i64(v int64)                 { e.buf = binary.BigEndian.AppendUint64(e.buf, uint64(v)) }
func (e *encoder) bytes(b []byte)              { e.buf = append(e.buf, b...) }
func (e *encoder) tag(t byte)                  { e.buf = append(e.buf, t) }
func (e *encoder) bool(b bool)                 { e.u8(boolByte(b)) }
func (e *encoder) bytes32(b []byte)            { e.count(len(b)); e.bytes(b) }
func (e *encoder) id(id checkpoint.OperatorID) { e.buf = append(e.buf, id[:]...) }

func boolByte(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// count writes how many things follow.
func (e *encoder) count(n int) {
	if int(int32(n)) != n {
		e.fail("%d entries or bytes do not fit a 32-bit count", n)
	}
	e.i32(int32(n))
}

// utf writes a string in modified UTF-8 behind its length.
func (e *encoder) utf(s string) {
	if n := 2 + len(s); len(s) <= maxUTF {
		buf := slices.Grow(e.buf, n)
		b := buf[len(buf) : len(buf)+n]
		binary.BigEndian.PutUint16(b, uint16(len(s)))
		if copyVerbatim(b[2:], s) {
			e.buf = buf[:len(buf)+n]
			return
		}
	}
	e.utfSlow(s)
}

func (e *encoder) utfSlow(s string) {
	start := len(e.buf)
	e.u16(0)
	var err error
	if e.buf, err = appendModifiedUTF8(e.buf, s); err != nil {
		e.wrong(noOffset, err)
		return
	}
	n := len(e.buf) - start - 2
	if n > maxUTF {
		e.fail("string of %d bytes (%.40q…): Java allows %d", n, s, maxUTF)
		return
	}
	binary.BigEndian.PutUint16(e.buf[start:], uint16(n))
}

// longs writes numbers of 8 bytes behind their count.
func (e *encoder) longs(list []int64) {
	for _, v := range list {
		e.i64(v)
	}
}

// patchLength sets the length that stands at the offset, once what it counts
// has been written behind it.
func (e *encoder) patchLength(offset int) {
	n := len(e.buf) - offset - 4
	if int(int32(n)) != n {
		e.fail("%d bytes do not fit a 32-bit length", n)
	}
	binary.BigEndian.PutUint32(e.buf[offset:], uint32(n))
}
