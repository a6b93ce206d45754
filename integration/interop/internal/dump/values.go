package dump

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// shownBytes is the length up to which payloads are shown, and beyond which
// they are named by their digest.
const shownBytes = 64

func hexOrDigest(b []byte) any {
	if len(b) <= shownBytes {
		return "hex:" + hex.EncodeToString(b)
	}
	return fmt.Sprintf("sha256:%x/%d", sha256.Sum256(b), len(b))
}

func numbers(values []int64) list {
	return each(values, func(v int64) any { return v })
}

// text is the string itself, or its UTF-16 units in hex if it holds half a
// surrogate pair, which Java allows and JSON does not. In Go such a half stands
// as the three bytes that UTF-8 would have if it allowed them.
func text(s string) any {
	if utf8.ValidString(s) {
		return s
	}
	var pairs []byte
	for _, unit := range units(s) {
		pairs = append(pairs, byte(unit>>8), byte(unit))
	}
	return object{"utf16": hex.EncodeToString(pairs)}
}

// units returns the UTF-16 units of a string, halves of pairs included.
func units(s string) []uint16 {
	var units []uint16
	for len(s) > 0 {
		if len(s) >= 3 && s[0] == 0xed && s[1] >= 0xa0 {
			units = append(units, 0xd000|uint16(s[1]&0x3f)<<6|uint16(s[2]&0x3f))
			s = s[3:]
			continue
		}
		r, size := utf8.DecodeRuneInString(s)
		units = utf16.AppendRune(units, r)
		s = s[size:]
	}
	return units
}
