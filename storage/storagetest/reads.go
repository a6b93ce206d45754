package storagetest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cairnstate/cairn/storage/backend"
)

func rangesAtEdges(s *subject) error {
	const content = "0123456789"
	if err := s.put("object", []byte(content)); err != nil {
		return err
	}
	for _, test := range []struct {
		offset, length int64
		want           string
	}{
		{0, 0, content},
		{0, 1, "0"},
		{0, 10, content},
		{0, 11, content},
		{3, 0, "3456789"},
		{3, 4, "3456"},
		{9, 0, "9"},
		{9, 1, "9"},
		{9, 5, "9"},
		{10, 0, ""},
		{10, 1, ""},
		{11, 0, ""},
		{1 << 40, 1, ""},
	} {
		got, info, err := s.get("object", &backend.OpenOptions{Offset: test.offset, Length: test.length})
		if err != nil || string(got) != test.want {
			return fmt.Errorf("offset %d, length %d: got %s, %s; want %q", test.offset, test.length, brief(got), told(err), test.want)
		}
		if err := expectInfo("Reader.Info of a range", info, s.key("object"), len(content)); err != nil {
			return fmt.Errorf("offset %d, length %d: %w", test.offset, test.length, err)
		}
	}
	return nil
}

func listingOrder(s *subject) error {
	names := []string{"a", "b/c", "b-c", "b.c", "b0", "b/c0", "b/a/z", "chk-2/x", "chk-10/x", "chk-1/x", "Z", "é"}
	if err := s.putAll(names...); err != nil {
		return err
	}
	slices.Sort(names)
	return s.expectList("", names...)
}

func prefixIsPath(s *subject) error {
	if err := s.putAll("chk-1/a", "chk-1/b/c", "chk-10/a", "chk-1-x", "plain"); err != nil {
		return err
	}
	if err := s.expectList("chk-1", "chk-1/a", "chk-1/b/c"); err != nil {
		return err
	}
	if err := s.expectList("plain"); err != nil { // an object is not below itself
		return err
	}
	if err := s.expectList("chk"); err != nil {
		return err
	}
	return s.listedFromAbove("chk-1/a", "plain")
}

// listedFromAbove checks the prefix that the directory of the check is in, which
// is the empty one if the check runs at the root. It may be full of other objects.
func (s *subject) listedFromAbove(names ...string) error {
	missing := slices.Clone(names)
	for info, err := range s.backend.List(s.ctx, s.below) {
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(info.Key, s.dir+"/")
		missing = slices.DeleteFunc(missing, func(m string) bool { return m == name })
		if len(missing) == 0 {
			return nil
		}
	}
	return fmt.Errorf("listing below %q does not show %q", s.below, missing)
}

func listingStops(s *subject) error {
	if err := s.putAll("a", "b", "c"); err != nil {
		return err
	}
	for range s.backend.List(s.ctx, s.dir) {
		break // an iterator that goes on yielding after this panics
	}
	listing := s.backend.List(s.ctx, s.dir)
	for range 2 { // and one that was stopped can be gone through again
		count := 0
		for _, err := range listing {
			if err != nil {
				return err
			}
			count++
		}
		if count != 3 {
			return fmt.Errorf("listing shows %d of 3 objects", count)
		}
	}
	return nil
}
