package storagetest

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/cairnstate/cairn/storage/backend"
)

func committedIsRead(s *subject) error {
	if err := s.put("dir/object", []byte("content")); err != nil {
		return err
	}
	if err := s.expect("dir/object", []byte("content")); err != nil {
		return err
	}
	info, err := s.backend.Stat(s.ctx, s.key("dir/object"))
	if err != nil {
		return err
	}
	if err := expectInfo("Stat", info, s.key("dir/object"), 7); err != nil {
		return err
	}
	for info, err := range s.backend.List(s.ctx, s.key("dir")) {
		if err != nil {
			return err
		}
		return expectInfo("List", info, s.key("dir/object"), 7)
	}
	return errors.New("listing shows nothing")
}

func emptyObject(s *subject) error {
	if err := s.put("empty", nil); err != nil {
		return err
	}
	if err := s.expect("empty", nil); err != nil {
		return err
	}
	for _, opts := range []backend.OpenOptions{{Offset: 1}, {Length: 1}, {Offset: 5, Length: 5}} {
		if got, _, err := s.get("empty", &opts); err != nil || len(got) != 0 {
			return fmt.Errorf("range %+v of an empty object gives %s, %s; want nothing", opts, brief(got), told(err))
		}
	}
	return nil
}

func absentIsNotExist(s *subject) error { return s.expectAbsent("absent") }

func directoryIsNoObject(s *subject) error {
	if err := s.put("dir/object", []byte("x")); err != nil {
		return err
	}
	if err := s.expectAbsent("dir"); err != nil {
		return err
	}
	return s.expectAbsent("dir/object/below")
}

func errorsName(s *subject) error {
	_, openErr := s.backend.Open(s.ctx, s.key("absent"), nil)
	_, statErr := s.backend.Stat(s.ctx, s.key("absent"))
	for op, err := range map[string]error{"open": openErr, "stat": statErr} {
		typed, ok := errors.AsType[*backend.Error](err)
		if !ok {
			return fmt.Errorf("%s: %s is no *backend.Error", op, told(err))
		}
		if typed.Backend == "" || typed.Op != op || typed.Key != s.key("absent") {
			return fmt.Errorf("%s: error tells backend %q, operation %q, key %q", op, typed.Backend, typed.Op, typed.Key)
		}
		if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), s.key("absent")) {
			return fmt.Errorf("%s: error does not tell kind and key: %w", op, err)
		}
	}
	return nil
}

func deleteRemovesOne(s *subject) error {
	if err := s.putAll("a/b", "a/b-c", "a/bc/d"); err != nil {
		return err
	}
	if err := s.backend.Delete(s.ctx, s.key("a/b")); err != nil {
		return err
	}
	if err := s.expectAbsent("a/b"); err != nil {
		return err
	}
	if err := s.backend.Delete(s.ctx, s.key("a/bc")); err != nil {
		return fmt.Errorf("deleting a directory's name, which is no object: %w", err)
	}
	return s.expectList("", "a/b-c", "a/bc/d")
}

func deleteTwice(s *subject) error {
	if err := s.put("object", []byte("x")); err != nil {
		return err
	}
	for range 2 {
		if err := s.backend.Delete(s.ctx, s.key("object")); err != nil {
			return err
		}
	}
	return s.backend.Delete(s.ctx, s.key("never/was"))
}

// oddNames are names that some layer between here and a disk has been seen to
// escape, cut or fold.
func oddNames() []string {
	return []string{
		"space in name", " leading", "100%", "%20", "%2F", "a%2Fb/c", "a+b", "a&b=c", "a?b", "a#b", "a;b,c", "a:b",
		"a'b\"c", "a\\b", "a*b", "a|b", "<a>", "[a]{b}", "$a", "@a", "~a", "!a", "^a`", "(a)", ".hidden", "...", "_metadata",
		"UPPER", "upper", "Grüße", "日本語", "e\u0301 and \u00e9", "🪨", strings.Repeat("long", 50),
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
