package restore

import "github.com/cairnstate/cairn/checkpoint"

// Intersect returns the part of a keyed handle that matters to a range of key
// groups, or nil if none does (Flink: KeyedStateHandle.getIntersection). It
// shares bytes, files and offsets with the handle.
//
// Full snapshots are cut. Incremental ones are given whole, for the state backend
// clips them; so is a changelog. The id of a handle that is cut is kept where
// Flink keeps it, and empty where Flink draws a new random one.
func Intersect(h checkpoint.KeyedStateHandle, keyGroups checkpoint.KeyGroupRange) checkpoint.KeyedStateHandle {
	if !overlaps(h, keyGroups) {
		return nil
	}
	var c cutter
	return c.cut(h, keyGroups)
}

// overlaps reports whether Intersect would return something.
func overlaps(h checkpoint.KeyedStateHandle, keyGroups checkpoint.KeyGroupRange) bool {
	if log, ok := h.(*checkpoint.InMemoryChangelogStateHandle); ok {
		// Flink looks at the changes here, not at the range of the handle.
		for i := range log.Changes {
			if keyGroups.Contains(log.Changes[i].KeyGroup) {
				return true
			}
		}
		return false
	}
	return h != nil && !h.KeyGroups().Intersection(keyGroups).Empty()
}

// keyGroupsWithState returns a range that has all key groups for which overlaps
// can be true.
func keyGroupsWithState(h checkpoint.KeyedStateHandle) checkpoint.KeyGroupRange {
	log, ok := h.(*checkpoint.InMemoryChangelogStateHandle)
	if !ok {
		return h.KeyGroups()
	}
	reach := checkpoint.KeyGroupRange{}
	for i := range log.Changes {
		kg := log.Changes[i].KeyGroup
		switch {
		case kg < 0: // a change of metadata
		case reach.Empty():
			reach = checkpoint.KeyGroups(kg, kg)
		default:
			reach = checkpoint.KeyGroups(min(reach.Start, kg), max(reach.Last(), kg))
		}
	}
	return reach
}

// cutterSlab is how many handles are allocated at once: enough to spare the
// allocator, few enough that one handle in use does not keep a whole job alive.
const cutterSlab = 64

// cutter cuts handles, many of them from one allocation.
type cutter struct {
	expected int // at most so many will be cut
	full     []checkpoint.KeyGroupsStateHandle
}

// cut returns the intersection of a handle with a range that it overlaps.
func (c *cutter) cut(h checkpoint.KeyedStateHandle, keyGroups checkpoint.KeyGroupRange) checkpoint.KeyedStateHandle {
	switch h := h.(type) {
	case *checkpoint.KeyGroupsStateHandle:
		return c.cutFull(h, keyGroups)
	case *checkpoint.ChangelogStateBackendHandle:
		return cutChangelog(h, keyGroups)
	case *checkpoint.ChangelogFileStateHandle:
		cut := *h
		cut.Range = h.Range.Intersection(keyGroups)
		cut.Size, cut.CheckpointedSize, cut.HandleID = 0, 0, "" // as Flink has it: unknown
		return &cut
	}
	return h
}

func (c *cutter) cutFull(h *checkpoint.KeyGroupsStateHandle, keyGroups checkpoint.KeyGroupRange) checkpoint.KeyedStateHandle {
	r := h.Range.Intersection(keyGroups)
	if r == h.Range {
		return h
	}
	cut := *h
	from, to := r.Start-h.Range.Start, r.Start-h.Range.Start+r.Count
	cut.Range, cut.Offsets = r, h.Offsets[from:to:to]
	if len(c.full) == cap(c.full) {
		c.full = make([]checkpoint.KeyGroupsStateHandle, 0, min(max(c.expected, 1), cutterSlab))
	}
	c.full = append(c.full, cut)
	return &c.full[len(c.full)-1]
}

func cutChangelog(h *checkpoint.ChangelogStateBackendHandle, keyGroups checkpoint.KeyGroupRange) checkpoint.KeyedStateHandle {
	cut := *h
	cut.Range = h.Range.Intersection(keyGroups)
	cut.Materialized = intersectAll(h.Materialized, keyGroups)
	cut.NonMaterialized = intersectAll(h.NonMaterialized, keyGroups)
	cut.HandleID = ""
	return &cut
}

func intersectAll(handles []checkpoint.KeyedStateHandle, keyGroups checkpoint.KeyGroupRange) []checkpoint.KeyedStateHandle {
	var kept []checkpoint.KeyedStateHandle
	for _, h := range handles {
		if cut := Intersect(h, keyGroups); cut != nil {
			kept = append(kept, cut)
		}
	}
	return kept
}
