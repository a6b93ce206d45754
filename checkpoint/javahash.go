package checkpoint

import "unicode/utf8"

// StringHashCode returns Java's String.hashCode: over UTF-16 code units, unpaired
// surrogates included.
func StringHashCode(s string) int32 {
	var h uint32
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 && isSurrogate(s[i:]) {
			r, size = rune(s[i]&0x0f)<<12|rune(s[i+1]&0x3f)<<6|rune(s[i+2]&0x3f), 3
		}
		i += size
		if r > 0xffff {
			r -= 0x10000
			h = 31*h + uint32(0xd800+r>>10)
			r = 0xdc00 + r&0x3ff
		}
		h = 31*h + uint32(r)
	}
	return int32(h)
}

// isSurrogate reports whether s begins with an unpaired surrogate, which Java
// strings may hold and UTF-8 has no form for.
func isSurrogate(s string) bool {
	return len(s) >= 3 && s[0] == 0xed && s[1] >= 0xa0 && s[1] <= 0xbf && s[2]&0xc0 == 0x80
}
