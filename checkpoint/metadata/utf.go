package metadata

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf8"
	"unsafe"
)

// Java writes strings in modified UTF-8: as UTF-16 units, each encoded on its
// own. It differs from UTF-8 in two things. NUL takes two bytes, C0 80, so that
// no byte is 0. And what is beyond the 16-bit plane is a pair of surrogates of
// three bytes each instead of one character of four.
//
// Here such strings become UTF-8. A surrogate without its partner, which Java
// allows and UTF-8 does not, stays as its three bytes (known as WTF-8), so that
// every string that Java can write comes back as it was.

const maxUTF = 0xFFFF // bytes in an encoded string

var errMalformedUTF = errors.New("malformed modified UTF-8")

// isPlain reports whether all bytes are below 0x80, so that the encoded string
// is the string.
func isPlain(b []byte) bool {
	const high = 0x8080808080808080
	for len(b) >= 32 {
		if (binary.LittleEndian.Uint64(b)|binary.LittleEndian.Uint64(b[8:])|
			binary.LittleEndian.Uint64(b[16:])|binary.LittleEndian.Uint64(b[24:]))&high != 0 {
			return false
		}
		b = b[32:]
	}
	for len(b) >= 8 {
		if binary.LittleEndian.Uint64(b)&high != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// copyVerbatim copies s to the start of dst, which has room for it, and reports
// whether it is its own modified UTF-8: whether all bytes are from 1 to 0x7F. It
// looks at each word while it has it in its hands, and asks once, at the end.
func copyVerbatim(dst []byte, s string) bool {
	src := unsafe.Slice(unsafe.StringData(s), len(s))
	dst = dst[:len(src)]
	last := len(src) - 8
	if last < 0 {
		return copyShort(dst, src)
	}
	word := binary.LittleEndian
	w := word.Uint64(src[last:])
	word.PutUint64(dst[last:], w)
	seen, i := oddBytes(w), 0
	for ; i <= last-24; i += 32 {
		from, to := (*[32]byte)(src[i:i+32]), (*[32]byte)(dst[i:i+32])
		a, b, c, d := word.Uint64(from[0:]), word.Uint64(from[8:]), word.Uint64(from[16:]), word.Uint64(from[24:])
		seen |= oddBytes(a) | oddBytes(b) | oddBytes(c) | oddBytes(d)
		word.PutUint64(to[0:], a)
		word.PutUint64(to[8:], b)
		word.PutUint64(to[16:], c)
		word.PutUint64(to[24:], d)
	}
	for ; i < last; i += 8 {
		w := word.Uint64(src[i : i+8])
		seen |= oddBytes(w)
		word.PutUint64(dst[i:i+8], w)
	}
	return seen&0x8080808080808080 == 0
}

// oddBytes returns a word with a high bit set if a byte is above 0x7F or, since the
// borrow reaches the bit, if one is 0.
func oddBytes(w uint64) uint64 { return w | (w - 0x0101010101010101) }

func copyShort(dst, src []byte) bool {
	for i, c := range src {
		if c-1 >= utf8.RuneSelf-1 {
			return false
		}
		dst[i] = c
	}
	return true
}

// view returns the bytes as a string without copying them.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// decodeModifiedUTF8 takes the encodings that Java's DataInput takes, longer
// than needed ones among them.
func decodeModifiedUTF8(b []byte) (string, error) {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		unit, n := decodeUnit(b[i:])
		if n == 0 {
			return "", fmt.Errorf("%w: byte %02x at %d of %d", errMalformedUTF, b[i], i, len(b))
		}
		i += n
		if isHighSurrogate(unit) {
			if low, m := decodeUnit(b[i:]); m == 3 && isLowSurrogate(low) {
				out = utf8.AppendRune(out, 0x10000+(unit-0xD800)<<10+(low-0xDC00))
				i += m
				continue
			}
		}
		out = appendWTF8(out, unit)
	}
	return view(out), nil
}

// decodeUnit returns the UTF-16 unit at the start of b and its length in bytes;
// 0 if there is none.
func decodeUnit(b []byte) (unit rune, n int) {
	switch {
	case len(b) > 0 && b[0] < 0x80:
		return rune(b[0]), 1
	case len(b) > 1 && b[0]&0xE0 == 0xC0 && isContinuation(b[1]):
		return rune(b[0]&0x1F)<<6 | rune(b[1]&0x3F), 2
	case len(b) > 2 && b[0]&0xF0 == 0xE0 && isContinuation(b[1]) && isContinuation(b[2]):
		return rune(b[0]&0x0F)<<12 | rune(b[1]&0x3F)<<6 | rune(b[2]&0x3F), 3
	}
	return 0, 0
}

// appendModifiedUTF8 appends the string as Java would, or fails if Java could
// not have it: if it is neither UTF-8 nor the WTF-8 of decodeModifiedUTF8.
func appendModifiedUTF8(dst []byte, s string) ([]byte, error) {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			unit, m := decodeUnit([]byte(s[i:min(i+3, len(s))]))
			if m != 3 || !isSurrogate(unit) {
				return dst, fmt.Errorf("%w: byte %02x at %d of %q is not UTF-8", ErrUnencodable, s[i], i, s)
			}
			dst, n = appendUnit3(dst, unit), m
		case r == 0:
			dst = append(dst, 0xC0, 0x80)
		case r >= 0x10000:
			dst = appendUnit3(dst, 0xD800+(r-0x10000)>>10)
			dst = appendUnit3(dst, 0xDC00+(r-0x10000)&0x3FF)
		default:
			dst = append(dst, s[i:i+n]...)
		}
		i += n
	}
	return dst, nil
}

func appendWTF8(dst []byte, unit rune) []byte {
	if isSurrogate(unit) {
		return appendUnit3(dst, unit)
	}
	return utf8.AppendRune(dst, unit)
}

func appendUnit3(dst []byte, unit rune) []byte {
	return append(dst, 0xE0|byte(unit>>12), 0x80|byte(unit>>6)&0x3F, 0x80|byte(unit)&0x3F)
}

func isContinuation(b byte) bool  { return b&0xC0 == 0x80 }
func isSurrogate(r rune) bool     { return r >= 0xD800 && r <= 0xDFFF }
func isHighSurrogate(r rune) bool { return r >= 0xD800 && r <= 0xDBFF }
func isLowSurrogate(r rune) bool  { return r >= 0xDC00 && r <= 0xDFFF }
