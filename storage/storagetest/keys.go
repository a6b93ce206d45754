package storagetest

import (
	"fmt"
	"strings"

	"github.com/cairnstate/cairn/storage/backend"
)

// oddNames are names that some layer between here and a disk has been seen to
// escape, cut or fold.
func oddNames() []string {
	return []string{
		"space in name", " leading", "100%", "%20", "%2F", "a%2Fb/c", "a+b", "a&b=c", "a?b", "a#b", "a;b,c", "a:b",
		"a'b\"c", "a\\b", "a*b", "a|b", "<a>", "[a]{b}", "$a", "@a", "~a", "!a", "^a`", "(a)", ".hidden", "...", "_metadata",
		"UPPER", "upper", "Grüße", "日本語", "e\u0301 and \u00e9", "🪨",
	}
}

func oddKeys(s *subject) error {
	for _, name := range oddNames() {
		if err := s.put("odd/"+name, []byte(name)); err != nil {
			return fmt.Errorf("key %q: %w", name, err)
		}
	}
	listed, err := s.list("odd")
	if err != nil {
		return err
	}
	if len(listed) != len(oddNames()) {
		return fmt.Errorf("listing shows %d of %d odd keys: %q", len(listed), len(oddNames()), listed)
	}
	for _, name := range listed { // the listed name must be the one that opens
		if err := s.expect(name, []byte(strings.TrimPrefix(name, "odd/"))); err != nil {
			return err
		}
		if err := s.backend.Delete(s.ctx, s.key(name)); err != nil {
			return err
		}
	}
	return s.expectList("odd")
}

// What every store takes where it declares no limit: S3 and GCS take 1024 bytes.
const (
	usualKey     = 900
	usualElement = 200
)

// longKeys writes the longest keys that the store takes. Two that differ in their
// last byte are two objects.
func longKeys(s *subject) error {
	limits := backend.LimitsOf(s.backend)
	element := limit(limits.MaxElement, usualElement)
	for _, name := range []string{
		strings.Repeat("e", min(element, limit(limits.MaxKey, usualKey)-len(s.dir)-1)),
		s.longName(limit(limits.MaxKey, usualKey), element),
	} {
		for _, name := range []string{name, name[:len(name)-1] + "z"} {
			if err := s.put(name, []byte(name)); err != nil {
				return fmt.Errorf("a key of %d bytes, its longest element of %d: %w", len(s.key(name)), element, err)
			}
		}
		if err := s.expect(name, []byte(name)); err != nil {
			return err
		}
	}
	listed, err := s.list("")
	if err == nil && len(listed) != 4 {
		err = fmt.Errorf("listing shows %d of 4 long keys", len(listed))
	}
	return err
}

func limit(declared, usual int) int {
	if declared > 0 {
		return declared
	}
	return usual
}

// longName returns a name whose key has just so many bytes.
func (s *subject) longName(length, element int) string {
	left := length - len(s.dir) - 1
	var name strings.Builder
	for left > element+2 {
		name.WriteString(strings.Repeat("l", element-1) + "/")
		left -= element
	}
	if left > element { // neither a longer element nor a slash at the end
		name.WriteString("l/")
		left -= 2
	}
	name.WriteString(strings.Repeat("l", left))
	return name.String()
}
