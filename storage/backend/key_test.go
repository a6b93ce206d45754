package backend_test

import (
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
)

func TestValidKey(t *testing.T) {
	for key, want := range map[string]bool{
		"a":              true,
		"a/b/_metadata":  true,
		"...":            true,
		"a b/%20+#?":     true,
		"bytes \xff\xfe": true,
		"":               false,
		"/a":             false,
		"a/":             false,
		"a//b":           false,
		".":              false,
		"a/./b":          false,
		"../a":           false,
		"a/..":           false,
		"a\x00b":         false,
	} {
		if got := backend.ValidKey(key); got != want {
			t.Errorf("ValidKey(%q) = %v, want %v", key, got, want)
		}
	}
}

func TestHasPrefixIsOnWholeElements(t *testing.T) {
	tests := []struct {
		key, prefix string
		want        bool
	}{
		{"a/chk-1/x", "a/chk-1", true},
		{"a/chk-10/x", "a/chk-1", false},
		{"a/chk-1", "a/chk-1", false},
		{"a", "", true},
		{"a", "a/b", false},
	}
	for _, test := range tests {
		if got := backend.HasPrefix(test.key, test.prefix); got != test.want {
			t.Errorf("HasPrefix(%q, %q) = %v, want %v", test.key, test.prefix, got, test.want)
		}
	}
}
