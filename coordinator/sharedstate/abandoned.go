package sharedstate

// Abandoned returns the files that a closed registry knew of, and its successor, in
// which all that is retained has registered again, does not: those of checkpoints that
// were never completed. Nobody can use them any more. Directories stay, for others may
// have files in them that neither registry knows.
func (r *Registry) Abandoned(successor *Registry) []Deletion {
	r.mu.Lock()
	defer r.mu.Unlock()
	successor.mu.Lock()
	defer successor.mu.Unlock()
	var abandoned []number
	for i, e := range r.paths.entries.all() {
		if e.place == noPlace || e.kind != file {
			continue
		}
		path := r.paths.canonical(e)
		if _, foreign := r.foreign[path]; !foreign && !successor.knows(path) {
			abandoned = append(abandoned, i)
		}
	}
	successor.paths.places.settle()
	return r.deletions(abandoned)
}

// knows reports whether the path is in use.
func (r *Registry) knows(canonical string) bool {
	k := r.paths.key(canonical)
	return r.paths.find(&k, r.paths.hash(&k)) != nil
}
