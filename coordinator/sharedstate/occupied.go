package sharedstate

import "slices"

// keepOccupied leaves out of what is gone the directories that something in use, or
// something of the user's, lies in. Deleting them would take it along.
func (r *Registry) keepOccupied(gone []number, lowest int64, inUse map[int64]bool) []number {
	directories := make(map[string]bool) // unused ones; true once found occupied
	for _, i := range gone {
		if e := r.paths.entries.at(i); e.kind == directory {
			directories[r.paths.canonical(e)] = false
		}
	}
	if len(directories) == 0 {
		return gone
	}
	r.markOccupied(directories, lowest)
	return slices.DeleteFunc(gone, func(i number) bool {
		e := r.paths.entries.at(i)
		occupied := e.kind == directory && directories[r.paths.canonical(e)]
		if occupied {
			r.hold(e, inUse)
		}
		return occupied
	})
}

func (r *Registry) markOccupied(directories map[string]bool, lowest int64) {
	mark := func(dir string) bool {
		if _, unused := directories[dir]; unused {
			directories[dir] = true
		}
		return true
	}
	seen := make([]bool, len(r.paths.places.all)) // the files of a place have the same directories around them
	seen[noPlace] = true
	for _, e := range r.paths.entries.all() {
		if right := r.paths.rightOf(e); e.lastUsed >= lowest && !seen[right] {
			seen[right] = true
			r.paths.places.all[right].around(mark)
		}
	}
	for key := range r.foreign {
		parents(key, mark)
	}
}

// around calls visit with each directory around what has the place.
func (p *place) around(visit func(dir string) bool) {
	if p.whole || visit(p.text) {
		parents(p.text, visit)
	}
}
