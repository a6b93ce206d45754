package sharedstate

import (
	"cmp"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
)

// Deletion names state that no retained checkpoint uses and that the job owns.
type Deletion struct {
	Path string
	// Directory says that the path is a directory, to be deleted with all in it.
	Directory bool
}

// Unused is what the registry lets go of.
type Unused struct {
	// Deletions are the files and directories to delete, in order of their paths.
	Deletions []Deletion
	// InUse holds the restored checkpoints that must stay where they are, though
	// newer ones may have taken their place: newer checkpoints use files that
	// lie among theirs.
	InUse map[int64]bool
}

// UnregisterUnused forgets what was last used by a checkpoint below lowest, and
// returns what follows from it. It looks at every entry. After Close it returns
// nothing.
func (r *Registry) UnregisterUnused(lowest int64) Unused {
	r.mu.Lock()
	defer r.mu.Unlock()
	unused := Unused{InUse: make(map[int64]bool)}
	if r.closed {
		return unused
	}
	r.forget(lowest)
	occupied := r.occupied(lowest)
	for key, e := range r.entries {
		if e.lastUsed >= lowest || occupied[key] {
			if e.keepsCreator || r.sharing[e.createdBy] == checkpoint.NoSharing {
				unused.InUse[e.createdBy] = true
			}
			continue
		}
		delete(r.entries, key)
		if _, foreign := r.foreign[key]; !foreign && e.kind != pin {
			unused.Deletions = append(unused.Deletions, Deletion{Path: e.path, Directory: e.kind == directory})
		}
	}
	slices.SortFunc(unused.Deletions, func(a, b Deletion) int { return cmp.Compare(a.Path, b.Path) })
	return unused
}

// occupied returns the unused directories that something in use, or something
// of the user's, lies in. Deleting them would take it along.
func (r *Registry) occupied(lowest int64) map[string]bool {
	directories := make(map[string]bool) // unused ones; true once found occupied
	for key, e := range r.entries {
		if e.kind == directory && e.lastUsed < lowest {
			directories[key] = false
		}
	}
	if len(directories) == 0 {
		return directories
	}
	mark := func(dir string) bool {
		if _, unused := directories[dir]; unused {
			directories[dir] = true
		}
		return true
	}
	for key, e := range r.entries {
		if e.lastUsed >= lowest {
			parents(key, mark)
		}
	}
	for key := range r.foreign {
		parents(key, mark)
	}
	return directories
}
