package coordinator

// endings remembers how the last checkpoints ended, so that a message that comes
// late is understood.
type endings struct {
	recent []*taking // a ring
	next   int
}

// rememberedEndings is four times what Flink remembers: memory is cheap, and a late
// acknowledgement that nobody remembers leaves its file to the next sweep.
const rememberedEndings = 64

func (e *endings) add(t *taking) {
	if len(e.recent) < rememberedEndings {
		e.recent = append(e.recent, t)
		return
	}
	e.recent[e.next] = t
	e.next = (e.next + 1) % rememberedEndings
}

// find returns the ended checkpoint of an id, or nil.
func (e *endings) find(id int64) *taking {
	for _, t := range e.recent {
		if t.ID() == id {
			return t
		}
	}
	return nil
}
