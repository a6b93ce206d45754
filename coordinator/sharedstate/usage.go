package sharedstate

// usage says which checkpoints use something.
type usage struct {
	createdBy int64 // the lowest
	lastUsed  int64 // the highest
	confirmed bool  // one of them, before the last, has completed
}

func firstUse(checkpointID int64) usage {
	return usage{createdBy: checkpointID, lastUsed: checkpointID}
}

func (r *Registry) usedBy(checkpointID int64, u usage) usage {
	return usage{
		createdBy: min(u.createdBy, checkpointID),
		lastUsed:  max(u.lastUsed, checkpointID),
		confirmed: r.settled(u),
	}
}

// settled says whether a completed checkpoint uses it, so that it must stay what it
// is. Asking for the last one when the next comes saves looking at every entry when
// a checkpoint completes.
func (r *Registry) settled(u usage) bool {
	if u.confirmed {
		return true
	}
	_, first := r.completed[u.createdBy]
	_, last := r.completed[u.lastUsed]
	return first || last
}
