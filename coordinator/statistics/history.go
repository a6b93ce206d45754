package statistics

// DefaultHistory is how many checkpoints are remembered, as Flink's
// web.checkpoints.history has it.
const DefaultHistory = 10

// history is the latest checkpoints, in whatever way they went, and the latest of each
// kind (Flink: CheckpointStatsHistory).
type history struct {
	ring   []*record
	oldest int // where the next goes, once the ring is full

	completed, failed, savepoint *record
	last                         *record // of completed and savepoint
}

func (h *history) begin(r *record, size int) {
	switch {
	case size == 0:
	case len(h.ring) < size:
		h.ring = append(h.ring, r)
	default:
		h.ring[h.oldest] = r
		h.oldest = (h.oldest + 1) % size
	}
}

// end takes down which is the latest. Ids say so, for a savepoint may be overtaken.
func (h *history) end(r *record) {
	latest := &h.completed
	switch {
	case r.checkpoint.Status == Failed:
		latest = &h.failed
	case r.checkpoint.Properties.Type.Savepoint:
		latest = &h.savepoint
	}
	if *latest == nil || r.checkpoint.ID > (*latest).checkpoint.ID {
		*latest = r
	}
	if r.checkpoint.Status == Completed {
		h.last = r
	}
}

// find returns a checkpoint that has ended.
func (h *history) find(id int64) *record {
	for _, r := range append([]*record{h.completed, h.savepoint}, h.ring...) {
		if r != nil && r.checkpoint.ID == id && r.checkpoint.Status == Completed {
			return r
		}
	}
	return nil
}

// youngest returns all that are remembered, the youngest first.
func (h *history) youngest() []Checkpoint {
	var checkpoints []Checkpoint
	for i := range h.ring {
		at := (h.oldest - 1 - i + 2*len(h.ring)) % len(h.ring)
		checkpoints = append(checkpoints, h.ring[at].copied())
	}
	return checkpoints
}

func valueOf(r *record) *Checkpoint {
	if r == nil {
		return nil
	}
	c := r.copied()
	return &c
}
