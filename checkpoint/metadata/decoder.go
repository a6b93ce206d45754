package metadata

import (
	"encoding/binary"
	"fmt"
	"io"
)

// decoder reads the primitives of Java's DataInput from a byte slice. Its error
// is sticky: after the first one every read returns zero, so that the code above
// reads like the format and asks once, at the end.
type decoder struct {
	place
	layout
	data    []byte
	off     int
	depth   int // of handles inside handles
	version int
	mem     *memory
}

// fail notes an error at the current offset, and puts the rest out of reach.
func (d *decoder) fail(err error) {
	d.wrong(d.off, err)
	d.off = len(d.data)
}

func (d *decoder) corrupt(format string, args ...any) {
	d.fail(fmt.Errorf("%w: %s", ErrCorrupt, fmt.Sprintf(format, args...)))
}

func (d *decoder) left() int { return len(d.data) - d.off }

// short notes that n bytes were wanted and are not there.
func (d *decoder) short(n int) {
	d.fail(fmt.Errorf("%w: %d bytes wanted, %d left: the file was cut off, or a length before is wrong: %w",
		ErrCorrupt, n, d.left(), io.ErrUnexpectedEOF))
}

func (d *decoder) u8() byte {
	if d.left() < 1 {
		d.short(1)
		return 0
	}
	d.off++
	return d.data[d.off-1]
}

func (d *decoder) u16() int {
	if d.left() < 2 {
		d.short(2)
		return 0
	}
	d.off += 2
	return int(binary.BigEndian.Uint16(d.data[d.off-2:]))
}

func (d *decoder) i32() int32 {
	if d.left() < 4 {
		d.short(4)
		return 0
	}
	d.off += 4
	return int32(binary.BigEndian.Uint32(d.data[d.off-4:]))
}

func (d *decoder) i64() int64 {
	if d.left() < 8 {
		d.short(8)
		return 0
	}
	d.off += 8
	return int64(binary.BigEndian.Uint64(d.data[d.off-8:]))
}

// bytes returns a view of the next n bytes, without spare capacity.
func (d *decoder) bytes(n int) []byte {
	if d.left() < n {
		d.short(n)
		return nil
	}
	d.off += n
	return d.data[d.off-n : d.off : d.off]
}

// bytes32 reads bytes behind their length.
func (d *decoder) bytes32() []byte { return d.bytes(d.count("bytes", 1)) }

// utf reads a string in modified UTF-8 behind its length. It is where most of
// the time goes, so what is the rule, plain characters that are there, comes
// first and touches nothing else.
func (d *decoder) utf() string {
	if rest := d.data[d.off:]; len(rest) >= 2 {
		n := int(binary.BigEndian.Uint16(rest))
		if raw := rest[2:]; n <= len(raw) && isPlain(raw[:n]) {
			d.off += 2 + n
			return view(raw[:n])
		}
	}
	return d.utfSlow()
}

func (d *decoder) utfSlow() string {
	start := d.off
	raw := d.bytes(d.u16())
	if !d.mem.drawString(len(raw)) {
		d.fail(errExpansion(len(d.data)))
		return ""
	}
	s, err := decodeModifiedUTF8(raw)
	if err != nil {
		d.off = start
		d.corrupt("string: %v", err)
	}
	return s
}

// count reads how many things follow. Each takes at least size bytes, so there
// cannot be more of them than the rest of the file has room for.
func (d *decoder) count(things string, size int) int {
	n := int(d.i32())
	if n < 0 || n > d.left()/size {
		d.off -= 4
		d.corrupt("%d %s of at least %d bytes each announced, %d bytes left", n, things, size, d.left()-4)
		return 0
	}
	return n
}

// longs reads n numbers of 8 bytes, for which a count has made room.
func (d *decoder) longs(n int) []int64 {
	raw := d.bytes(8 * n)
	list := d.mem.longs.slice(d, len(raw)/8)
	for i := range list {
		list[i] = int64(binary.BigEndian.Uint64(raw[8*i:]))
	}
	return list
}

// peekI32 returns what i32 will, and stays where it is.
func (d *decoder) peekI32() int32 {
	v := d.i32()
	if d.err == nil {
		d.off -= 4
	}
	return v
}

// deeper counts one more level of handles inside handles, and reports whether
// it is one too many. Flink nests three.
func (d *decoder) deeper() bool {
	d.depth++
	if d.depth > maxDepth {
		d.corrupt("state handles nested %d deep; Flink never nests more than 3", d.depth)
		return false
	}
	return true
}

const maxDepth = 16

// unknownTag notes a tag that has no meaning at its position.
func (d *decoder) unknownTag(position string, tag byte) {
	d.off--
	d.fail(fmt.Errorf("%w: tag %d for a %s handle; if a newer Flink wrote the file use a newer cairn, "+
		"else it is damaged or a fork of Flink wrote it", ErrUnknownTag, tag, position))
}
