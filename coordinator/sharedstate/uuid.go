package sharedstate

import "math/bits"

const uuidLength = 36

// uuid reads 36 characters, if they are a UUID in the one spelling that counts as
// such here: with small letters. All others are texts.
func uuid(s string) (name, bool) {
	if s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return name{}, false
	}
	a, okA := nibbles(four(s[0:4]) | four(s[4:8])<<32)
	b, okB := nibbles(four(s[9:13]) | four(s[14:18])<<32)
	c, okC := nibbles(four(s[19:23]) | four(s[24:28])<<32)
	d, okD := nibbles(four(s[28:32]) | four(s[32:36])<<32)
	if okA && okB && okC && okD {
		return name{high: a<<32 | b, low: c<<32 | d, form: uuidForm}, true
	}
	return name{}, false
}

// four is what the compiler makes one load of.
func four(s string) uint64 {
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
}

// each is a number in each of eight bytes.
const each = 0x0101010101010101

// nibbles reads eight hexadecimal digits at once, one in each byte, the first in the
// lowest. A letter is one that has bit 6; writing the value as a digit again shows
// whether it was one.
func nibbles(digits uint64) (value uint64, ok bool) {
	v := digits&(0x0f*each) + 9*(digits>>6&each)
	written := v + '0'*each + ('a'-'9'-1)*((v+6*each)>>4&each)
	ok = written == digits && v&(0xf0*each) == 0
	v = bits.ReverseBytes64(v)
	v = (v | v>>4) & 0x00ff00ff00ff00ff
	v = (v | v>>8) & 0x0000ffff0000ffff
	return (v | v>>16) & 0xffffffff, ok
}
