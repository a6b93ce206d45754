package backend

import "strings"

// ValidKey reports whether the key has the form that all backends take: elements
// joined by single slashes, none of them empty, "." or "..", and no NUL byte.
// Nothing else is asked of it; it need not even be UTF-8, though some stores want
// that and say so.
func ValidKey(key string) bool {
	if strings.IndexByte(key, 0) >= 0 {
		return false
	}
	for element := range strings.SplitSeq(key, "/") {
		if element == "" || element == "." || element == ".." {
			return false
		}
	}
	return true
}

// HasPrefix reports whether the key lies under the prefix, as [Backend.List]
// understands it: "a/chk-1" holds "a/chk-1/x" and neither "a/chk-1" itself nor
// "a/chk-10/x". The empty prefix holds every key.
func HasPrefix(key, prefix string) bool {
	if prefix == "" {
		return true
	}
	return len(key) > len(prefix) && key[len(prefix)] == '/' && strings.HasPrefix(key, prefix)
}
