package storage

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/cairnstate/cairn/storage/backend"
)

// place is a directory that state may be read below.
type place struct {
	store storeID
	dir   string // the key of the directory; empty for the whole store
	// anchor is dir or a directory above it. Links may lead anywhere within it: what
	// the user named may itself be a link, what lies below must not lead out.
	anchor string
	path   Path   // dir, for people
	why    string // who allowed it
	// entropy is what state files in dir have been given instead of its key.
	entropy entropy
}

func (p place) holds(store storeID, key string) bool {
	return p.store == store && backend.HasPrefix(p.entropy.restore(p.dir, key), p.dir)
}

// ownPlaces returns the places that a checkpoint's metadata may always name: its
// own directory and, for a directory chk-N in Flink's layout, the directories
// beside it in which the job keeps what its checkpoints share.
func (s *BackendStorage) ownPlaces(dir Path) []place {
	own := s.place(dir, "the checkpoint's own directory")
	job, ok := dir.Parent()
	if _, isCheckpoint := CheckpointNumber(dir.Name()); !isCheckpoint || !ok {
		return []place{own}
	}
	places := []place{own}
	for _, name := range []string{sharedDir, taskOwnedDir, changelogDir} {
		sibling := s.place(job.Child(name), "beside it, in the job's directory")
		sibling.anchor = job.Key()
		places = append(places, sibling)
	}
	return places
}

func (s *BackendStorage) place(dir Path, why string) place {
	return place{store: s.stores.id(dir), dir: dir.Key(), anchor: dir.Key(), path: dir, why: why}
}

// entropicPlace is a directory whose path holds the entropy key.
func (s *BackendStorage) entropicPlace(dir Path, e entropy) place {
	p := s.place(dir, "with entropy in its path")
	p.entropy = e
	fixed, _, _ := strings.Cut(p.dir, e.key)
	p.anchor = fixed[:max(strings.LastIndexByte(fixed, '/'), 0)]
	return p
}

// addLocation takes up a configured location: a place, and perhaps the parameters
// of its store.
func (s *BackendStorage) addLocation(uri string) error {
	text, query, _ := strings.Cut(uri, "?")
	dir, err := s.parse(text)
	if err != nil {
		return fmt.Errorf("storage: location %q: %w", redact(text), err)
	}
	params, err := url.ParseQuery(query)
	if err != nil { // err quotes what it did not understand, which may be a secret
		return fmt.Errorf("storage: location %q: %w", redact(text), errBadQuery)
	}
	s.places = append(s.places, s.place(dir, "configured"))
	return s.stores.configure(s.stores.id(dir), params)
}

var errBadQuery = errors.New("what is after its question mark is no query; it is name=value joined by &, percent-encoded")

// allowing returns the places that hold the path.
func (s *BackendStorage) allowing(own []place, p Path) []place {
	store, key := s.stores.id(p), p.Key()
	var holding []place
	for _, place := range slices.Concat(own, s.places) {
		if place.holds(store, key) {
			holding = append(holding, place)
		}
	}
	return holding
}

func describe(places []place) string {
	if len(places) == 0 {
		return "nothing"
	}
	var texts []string
	for _, place := range places {
		texts = append(texts, fmt.Sprintf("%s (%s)", redact(place.path.String()), place.why))
	}
	return strings.Join(texts, ", ")
}
