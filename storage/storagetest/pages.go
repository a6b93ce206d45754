package storagetest

import (
	"errors"
	"fmt"
	"slices"
)

// manyNames are so many names that a listing of them has several pages, in order.
// Some are in directories of their own, which a walk comes to later.
func (s *subject) manyNames() []string {
	names := make([]string, s.opts.page())
	for i := range names {
		names[i] = fmt.Sprintf("many/%05d", i)
		if i%100 == 50 {
			names[i] += "/below"
		}
	}
	return names
}

// listingPages goes through several pages, twice: the second time it deletes what
// it sees, as a cleaner does. A listing that counts its way to the next page then
// leaves out as many as were deleted.
func listingPages(s *subject) error {
	names := s.manyNames()
	if err := each(names, func(name string) error { return s.put(name, nil) }); err != nil {
		return err
	}
	got, err := s.list("many")
	if err != nil {
		return err
	}
	if err := sameNames(got, names); err != nil {
		return err
	}
	if got, err = s.deleteWhileListing(); err != nil {
		return err
	}
	if err := sameNames(got, names); err != nil {
		return fmt.Errorf("while what it shows is deleted: %w", err)
	}
	return s.expectList("")
}

func (s *subject) deleteWhileListing() ([]string, error) {
	var seen, batch []string
	var failed error
	flush := func() {
		failed = errors.Join(failed, each(batch, func(name string) error { return s.backend.Delete(s.ctx, s.key(name)) }))
		batch = nil
	}
	for info, err := range s.backend.List(s.ctx, s.key("many")) {
		if err != nil {
			return nil, err
		}
		name := s.name(info.Key)
		seen, batch = append(seen, name), append(batch, name)
		if len(batch) == 50 {
			flush()
		}
	}
	flush()
	return seen, failed
}

// sameNames says in short how a long listing differs.
func sameNames(got, want []string) error {
	if slices.Equal(got, want) {
		return nil
	}
	for i, name := range want {
		if i >= len(got) || got[i] != name {
			return fmt.Errorf("listing shows %d objects, want %d; the first difference is at %d, where %q belongs", len(got), len(want), i, name)
		}
	}
	return fmt.Errorf("listing shows %d objects, want %d: it goes on after %q", len(got), len(want), want[len(want)-1])
}
