package storagetest

import (
	"fmt"
	"slices"

	"github.com/cairnstate/cairn/storage/backend"
)

func listingChecks() []Check {
	atOnce := []backend.Need{backend.ListAfterWrite}
	return []Check{
		{Topic: "listing", Name: "listing is complete and in the order of bytes", run: listingOrder, needs: atOnce},
		{Topic: "listing", Name: "a prefix is a whole path", run: prefixIsPath, needs: atOnce},
		{Topic: "listing", Name: "listing stops when told", run: listingStops, needs: atOnce},
		{Topic: "listing", Name: "listing goes on from page to page", run: listingPages, needs: atOnce},
	}
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
	for info, err := range s.backend.List(s.ctx, s.opts.Below) {
		if err != nil {
			return err
		}
		name := s.name(info.Key)
		missing = slices.DeleteFunc(missing, func(m string) bool { return m == name })
		if len(missing) == 0 {
			return nil
		}
	}
	return fmt.Errorf("listing below %q does not show %q", s.opts.Below, missing)
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
