package simulation

import "slices"

// counts begins to protect what a checkpoint needs.
func (h *history) counts(n *named) {
	h.uses[n.key]++
	for key := range n.files {
		h.uses[key]++
	}
}

func (h *history) countsNoMore(n *named) {
	h.uses[n.key]--
	for key := range n.files {
		h.uses[key]--
	}
}

// checkWhole looks whether all of a checkpoint is there, and is what the subtasks
// acknowledged.
func (h *history) checkWhole(n *named) {
	for _, key := range sortedKeys(n.files) {
		switch o := h.world.disk.objects[key]; {
		case o == nil:
			h.world.violated(Whole, "checkpoint %d counts, and lacks %s", n.id, key)
		case n.files[key] >= 0 && int64(len(o.data)) != n.files[key]:
			h.world.violated(Whole, "checkpoint %d says that %s has %d bytes, it has %d", n.id, key, n.files[key], len(o.data))
		}
	}
	if n.wrong != "" {
		h.world.violated(Whole, "checkpoint %d %s", n.id, n.wrong)
	}
}

// retain is told which checkpoints count from now on, oldest first, by where their
// metadata is.
func (h *history) retain(by *process, keys []string) {
	var now []*named
	for _, key := range keys {
		n := h.names[key]
		if n == nil || n.gone {
			h.world.violated(Whole, "%s added %s, which is not there", by.name, key)
			return
		}
		now = append(now, n)
		if !slices.Contains(h.retained, n) {
			h.begins(by, n)
		}
	}
	for _, n := range h.retained {
		if !slices.Contains(now, n) {
			h.countsNoMore(n)
		}
	}
	h.retained = now
	h.course = append(h.course, h.latest())
}

// begins is a checkpoint that counts from now on.
func (h *history) begins(by *process, n *named) {
	if h.ever[n.id] {
		h.world.violated(OneWinner, "%s added checkpoint %d, which had been subsumed", by.name, n.id)
	}
	h.ever[n.id] = true
	h.world.completed++
	h.counts(n)
	h.checkWhole(n)
}

// latest is the id of the newest that counts; -1 if none does.
func (h *history) latest() int64 {
	if len(h.retained) == 0 {
		return -1
	}
	return h.retained[len(h.retained)-1].id
}

// give makes a snapshot the user's.
func (h *history) give(n *named) {
	if !slices.Contains(h.user, n) {
		h.user = append(h.user, n)
		h.counts(n)
	}
}

// claim makes it a job's.
func (h *history) claim(n *named) {
	n.claimed = true
	if at := slices.Index(h.user, n); at >= 0 {
		h.user = slices.Delete(h.user, at, at+1)
		h.countsNoMore(n)
	}
}
