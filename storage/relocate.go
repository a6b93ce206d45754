package storage

import (
	"fmt"

	"github.com/cairnstate/cairn/storage/backend"
)

// relocation is a Relocation whose paths are parsed.
type relocation struct {
	from, to Path
	store    storeID // of from
}

func (s *BackendStorage) addRelocation(r Relocation) error {
	from, err := s.parse(r.From)
	if err != nil {
		return fmt.Errorf("storage: relocate from %q: %w", redact(r.From), err)
	}
	to, err := s.parse(r.To)
	if err != nil {
		return fmt.Errorf("storage: relocate to %q: %w", redact(r.To), err)
	}
	s.relocations = append(s.relocations, relocation{from: from, to: to, store: s.stores.id(from)})
	s.places = append(s.places, s.place(to, "relocated to"))
	return nil
}

// relocate returns where the path is now.
func (s *BackendStorage) relocate(p Path) Path {
	longest := -1
	moved := p
	for _, r := range s.relocations {
		if from := r.from.Key(); r.holds(s.stores.id(p), p.Key()) && len(from) > longest {
			longest = len(from)
			moved = r.to.Child(p.Key()[len(from):])
		}
	}
	return moved
}

func (r relocation) holds(store storeID, key string) bool {
	return r.store == store && backend.HasPrefix(key, r.from.Key())
}
