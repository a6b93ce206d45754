package sharedstate

// usage says which checkpoints use something.
type usage struct {
	createdBy int64 // the lowest
	lastUsed  int64 // the highest
}

func (u *usage) usedBy(checkpointID int64) {
	u.createdBy = min(u.createdBy, checkpointID)
	u.lastUsed = max(u.lastUsed, checkpointID)
}

// completions are the checkpoints that have completed.
type completions map[int64]struct{}

// confirm says whether a completed checkpoint uses it, so that it must stay what it
// is. Asking when the next checkpoint comes along saves looking at every entry when
// one completes.
func (c completions) confirm(confirmed bool, u usage) bool {
	if confirmed {
		return true
	}
	_, first := c[u.createdBy]
	_, last := c[u.lastUsed]
	return first || last
}

// forget drops those that nothing is used by any more.
func (c completions) forget(lowest int64) {
	for id := range c {
		if id < lowest {
			delete(c, id)
		}
	}
}
