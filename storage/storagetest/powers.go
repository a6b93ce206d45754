package storagetest

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/cairnstate/cairn/storage/backend"
)

func powerChecks() []Check {
	exclusive, swapping := []backend.Need{backend.ExclusiveCreate}, []backend.Need{backend.Swapping}
	powers := []Check{
		{Topic: "batch delete", Name: "a batch of deletions removes what it names", run: deleteMany},
		{Topic: "batch delete", Name: "a batch that fails names what may be left", run: deleteManyFails},
		{Topic: "copy", Name: "a copy is the same object", run: copySame},
		{Topic: "copy", Name: "an exclusive copy has one winner", run: copyExclusive, needs: exclusive},
		{Topic: "download", Name: "a download is the object", run: downloadWhole},
		{Topic: "download", Name: "a download of a range is the range", run: downloadRanges},
	}
	return append(append(powers, uploadChecks()...), []Check{
		{Topic: swap, Name: "a swap replaces only what was seen", run: swapSeen, needs: swapping},
		{Topic: swap, Name: "a swap has one winner", run: swapWinner, needs: swapping},
		{Topic: swap, Name: "of swaps to what is there already one wins", run: swapWinnerOfEqual, needs: swapping},
		{Topic: swap, Name: "equal contents have different versions", run: swapABA, needs: swapping},
		{Topic: "location", Name: "a location can be read without us", run: locate},
	}...)
}

// deleteMany deletes more than one request takes, most of which is not there.
func deleteMany(s *subject) error {
	names := s.manyNames()
	kept := []string{"many/00000-kept", "many/00049-kept", "many2/00000"}
	var there []string
	for i := 0; i < len(names); i += 49 {
		there = append(there, names[i])
	}
	there = append(there, names[len(names)-1])
	if err := s.putAll(slices.Concat(there, kept)...); err != nil {
		return err
	}
	for range 2 { // the second time nothing is there
		if err := backend.DeleteAll(s.ctx, s.backend, s.keys(names)); err != nil {
			return err
		}
		if err := s.expectList("", kept...); err != nil {
			return err
		}
	}
	return backend.DeleteAll(s.ctx, s.backend, nil)
}

func (s *subject) keys(names []string) []string {
	keys := make([]string, len(names))
	for i, name := range names {
		keys[i] = s.key(name)
	}
	return keys
}

func copySame(s *subject) error {
	for _, content := range [][]byte{nil, []byte("content"), noise(12, s.opts.largeSize())} {
		if err := s.put("from/object", content); err != nil {
			return err
		}
		for range 2 { // the second time it replaces
			if err := s.copy("from/object", "to/object", nil); err != nil {
				return err
			}
			if err := errors.Join(s.expect("to/object", content), s.expect("from/object", content)); err != nil {
				return err
			}
		}
	}
	if err := s.copy("absent", "to/nothing", nil); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("copying what is absent gives %s, want fs.ErrNotExist", told(err))
	}
	return s.expectList("", "from/object", "to/object")
}

func (s *subject) copy(from, to string, opts *backend.CreateOptions) error {
	return backend.Copy(s.ctx, s.backend, s.key(from), s.key(to), opts)
}

// copyExclusive copies several objects to one name at once.
func copyExclusive(s *subject) error {
	const copies = 4
	for i := range copies {
		if err := s.put(fmt.Sprintf("from-%d", i), contender(i, 10)); err != nil {
			return err
		}
	}
	return s.connected(copies, func(others []backend.Backend) error {
		winner, err := oneWinner(copies, fs.ErrExist, func(i int) error {
			return s.on(others[i]).copy(fmt.Sprintf("from-%d", i), "to", ifAbsent())
		})
		if err != nil {
			return err
		}
		return s.expect("to", contender(winner, 10))
	})
}
