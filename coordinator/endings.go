package coordinator

import (
	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
)

// ending is what is remembered of a checkpoint that has ended. It is little: what its
// tasks had reported may be a million handles.
type ending struct {
	id       int64
	failure  *checkpoint.Failure                // why it was given up; nil if it was completed
	location *storage.CheckpointStorageLocation // nil if no task was told one
}

// endings remembers how the last checkpoints ended, so that a message that comes
// late is understood.
type endings struct {
	recent []ending // a ring
	next   int
}

// rememberedEndings is four times what Flink remembers: memory is cheap, and a late
// acknowledgement that nobody remembers leaves its file to the next sweep.
const rememberedEndings = 64

func (e *endings) add(one ending) {
	if len(e.recent) < rememberedEndings {
		e.recent = append(e.recent, one)
		return
	}
	e.recent[e.next] = one
	e.next = (e.next + 1) % rememberedEndings
}

// aborted returns how a checkpoint ended, if it was given up not long ago.
func (e *endings) aborted(id int64) (ending, bool) {
	for _, one := range e.recent {
		if one.id == id && one.failure != nil {
			return one, true
		}
	}
	return ending{}, false
}
