package sharedstate

import "strings"

// Deletion names state that no retained checkpoint uses and that the job owns.
type Deletion struct {
	Path string
	// Directory says that the path is a directory, to be deleted with all in it.
	Directory bool
}

// Unused is what the registry lets go of.
type Unused struct {
	// Deletions are the files and directories to delete, by directory and name. Their
	// paths share memory.
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
	r.handles.forget(lowest)
	r.completed.forget(lowest)
	gone := r.keepOccupied(r.gone(lowest, unused.InUse), lowest, unused.InUse)
	unused.Deletions = r.deletions(gone)
	r.paths.remove(gone)
	r.paths.shrink()
	return unused
}

// gone returns what no checkpoint from lowest on uses, and notes which checkpoints
// the rest holds.
func (r *Registry) gone(lowest int64, inUse map[int64]bool) (gone []number) {
	for i, e := range r.paths.entries.all() {
		if e.lastUsed < lowest {
			gone = append(gone, i)
		} else if e.keepsCreator || len(r.selfContained) > 0 {
			r.hold(e, inUse)
		}
	}
	return gone
}

// hold notes the checkpoint that must stay as long as the entry is used.
func (r *Registry) hold(e *entry, inUse map[int64]bool) {
	if e.keepsCreator || r.selfContained[e.createdBy] {
		inUse[e.createdBy] = true
	}
}

// deletions are for what is gone and was ours. The paths are views of one text.
func (r *Registry) deletions(gone []number) []Deletion {
	ours, length := r.leaving(gone)
	if len(ours) == 0 {
		return nil
	}
	var text strings.Builder
	text.Grow(length)
	deletions := make([]Deletion, len(ours))
	for i, l := range inOrder(ours, r.paths.places.rank(ours)) {
		start := text.Len()
		spell(&text, &r.paths.places.all[l.place], l.name)
		deletions[i] = Deletion{Path: text.String()[start:], Directory: l.directory}
	}
	return deletions
}

// leaving returns what of the gone was ours, and how long the paths are.
func (r *Registry) leaving(gone []number) (ours []leaving, length int) {
	ours = make([]leaving, 0, len(gone))
	for _, i := range gone {
		if e := r.paths.entries.at(i); e.kind != pin {
			ours = append(ours, leaving{name: e.name(), place: e.place, directory: e.kind == directory})
			length += r.paths.length(e)
		}
	}
	return ours, length
}
