package metadata

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestModifiedUTF8(t *testing.T) {
	tests := []struct {
		name    string
		encoded string
		decoded string
	}{
		{"empty", "", ""},
		{"ascii", "abc", "abc"},
		{"more than a word", strings.Repeat("x", 100), strings.Repeat("x", 100)},
		{"NUL", "a\xc0\x80b", "a\x00b"},
		{"two bytes", "\xc3\xa9", "é"},
		{"three bytes", "\xe7\x9f\xb3", "石"},
		{"replacement character", "\xef\xbf\xbd", "\ufffd"},
		{"a pair of surrogates", "\xed\xa0\xbd\xed\xb8\x80", "😀"},
		{"the highest pair", "\xed\xaf\xbf\xed\xbf\xbf", "\U0010FFFF"},
		{"the lowest pair", "\xed\xa0\x80\xed\xb0\x80", "\U00010000"},
		{"a high surrogate alone", "a\xed\xa0\xbdb", "a\xed\xa0\xbdb"},
		{"a low surrogate alone", "\xed\xb8\x80", "\xed\xb8\x80"},
		{"two surrogates in the wrong order", "\xed\xb8\x80\xed\xa0\xbd", "\xed\xb8\x80\xed\xa0\xbd"},
		{"a high surrogate before a pair", "\xed\xa0\xbd\xed\xa0\xbd\xed\xb8\x80", "\xed\xa0\xbd😀"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := decodeModifiedUTF8([]byte(test.encoded))
			if err != nil || got != test.decoded {
				t.Errorf("decoded % x to %q, want %q; error %v", test.encoded, got, test.decoded, err)
			}
			again, err := appendModifiedUTF8(nil, test.decoded)
			if err != nil || string(again) != test.encoded {
				t.Errorf("encoded %q to % x, want % x; error %v", test.decoded, again, test.encoded, err)
			}
		})
	}
}

// TestModifiedUTF8Lenient: Java reads encodings that are longer than needed, and
// a NUL of one byte, none of which it writes.
func TestModifiedUTF8Lenient(t *testing.T) {
	for encoded, want := range map[string]string{"\x00": "\x00", "\xc1\x81": "A", "\xe0\x81\x81": "A", "\xe0\x80\x80": "\x00"} {
		if got, err := decodeModifiedUTF8([]byte(encoded)); err != nil || got != want {
			t.Errorf("decoded % x to %q, want %q; error %v", encoded, got, want, err)
		}
	}
}

func TestModifiedUTF8Malformed(t *testing.T) {
	for _, encoded := range []string{"\x80", "a\xbf", "\xc3", "\xc3a", "\xe7\x9f", "\xe7a\xb3", "\xe7\x9fa", "\xf0\x9f\x98\x80", "\xff"} {
		if got, err := decodeModifiedUTF8([]byte(encoded)); !errors.Is(err, errMalformedUTF) {
			t.Errorf("decoded % x to %q, error %v; want errMalformedUTF", encoded, got, err)
		}
	}
	for _, s := range []string{"\x80", "a\xff", "\xc3", "\xed\xa0", "\xf8\x88\x80\x80\x80"} {
		if got, err := appendModifiedUTF8(nil, s); !errors.Is(err, ErrUnencodable) {
			t.Errorf("encoded %q to % x, error %v; want ErrUnencodable", s, got, err)
		}
	}
}

// TestFastPaths compares the tests on eight bytes at a time with those on one,
// at each position and length around a word.
func TestFastPaths(t *testing.T) {
	for length := range 70 {
		for at := range length {
			for _, c := range []byte{0, 1, 0x7F, 0x80, 0xFF} {
				b := []byte(strings.Repeat("x", length))
				b[at] = c
				if got, want := isPlain(b), c < 0x80; got != want {
					t.Fatalf("isPlain: byte %02x at %d of %d: %v", c, at, length, got)
				}
				dst := make([]byte, length)
				if got, want := copyVerbatim(dst, string(b)), c != 0 && c < 0x80; got != want || got && !bytes.Equal(dst, b) {
					t.Fatalf("copyVerbatim: byte %02x at %d of %d: %v, copied % x", c, at, length, got, dst)
				}
			}
		}
	}
}

// TestLongStrings: what counts is the encoded length, in bytes.
func TestLongStrings(t *testing.T) {
	for s, fits := range map[string]bool{
		strings.Repeat("x", 65535):    true,
		strings.Repeat("x", 65536):    false,
		strings.Repeat("é", 32767):    true,
		strings.Repeat("é", 32768):    false,
		strings.Repeat("\x00", 32768): false,
		strings.Repeat("😀", 10922):    true,
		strings.Repeat("😀", 10923):    false,
	} {
		e := &encoder{}
		e.utf(s)
		if e.err == nil != fits {
			t.Errorf("%d bytes of %q: error %v", len(s), s[:4], e.err)
		}
		if !fits && !errors.Is(e.err, ErrUnencodable) {
			t.Errorf("error %v, want ErrUnencodable", e.err)
		}
	}
}

func FuzzModifiedUTF8(f *testing.F) {
	for _, seed := range []string{"", "abc", "a\xc0\x80b", "\xed\xa0\xbd\xed\xb8\x80", "\xed\xa0\xbd", "\xc1\x81", "\xf0", "keyed counts ≠ Σ"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, encoded []byte) {
		s, err := decodeModifiedUTF8(encoded)
		if err != nil {
			return
		}
		if len(s) > len(encoded) {
			t.Errorf("% x grew to % x", encoded, s)
		}
		again, err := appendModifiedUTF8(nil, s)
		if err != nil {
			t.Fatalf("% x decodes to % x, which cannot be encoded: %v", encoded, s, err)
		}
		if back, err := decodeModifiedUTF8(again); err != nil || back != s {
			t.Errorf("% x becomes % x and then % x, error %v", encoded, s, back, err)
		}
		if isPlain(encoded) && s != string(encoded) || copyVerbatim(make([]byte, len(s)), s) && s != string(again) {
			t.Errorf("% x: the fast path gives something else", encoded)
		}
	})
}
