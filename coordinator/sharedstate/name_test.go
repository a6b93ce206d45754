package sharedstate

import (
	"strings"
	"testing"
)

// A name is its text: what comes out is what went in, and two texts are never one name.
func TestNames(t *testing.T) {
	for text, fits := range map[string]bool{
		"": true, "f": true, "f\x00": true, "000012.sst": true, "sixteen-bytes-00": true, "seventeen-bytes-0": false,
		"0f8fad5b-d9cb-469f-a165-70867728950e":   true,
		"01234567-89ab-cdef-fedc-ba9876543210":   true,
		"0F8FAD5B-D9CB-469F-A165-70867728950E":   false, // another text, so another file
		"0f8fad5b0d9cb0469f0a165070867728950e":   false,
		"0f8fad5b-d9cb-469f-a165-70867728950":    false,
		"0f8fad5b-d9cb-469f-a165-70867728950e0":  false,
		"0f8fad5b-d9cb-469f-a165-7086772895\xe9": false,
		strings.Repeat("-", 36):                  false,
	} {
		n, ok := nameOf(text)
		if ok != fits {
			t.Errorf("%q has a name: %t", text, ok)
		}
		if got := string(n.append([]byte("x"))); ok && (got != "x"+text || n.length() != len(text)) {
			t.Errorf("%q became %q of %d", text, got, n.length())
		}
	}
}

// Every byte in the place of every digit.
func TestHexadecimalDigits(t *testing.T) {
	const right = "01234567-89ab-cdef-0123-456789abcdef"
	for i := range right {
		for b := range 256 {
			text := right[:i] + string([]byte{byte(b)}) + right[i+1:]
			digit := strings.IndexByte("0123456789abcdef", byte(b)) >= 0
			if right[i] == '-' {
				digit = b == '-'
			}
			n, ok := nameOf(text)
			if ok != digit {
				t.Fatalf("%q has a name: %t", text, ok)
			}
			if ok && string(n.append(nil)) != text {
				t.Fatalf("%q became %q", text, n.append(nil))
			}
		}
	}
}
