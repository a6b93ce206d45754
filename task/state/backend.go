package state

import (
	"github.com/cairnstate/cairn/checkpoint"
)

// Backend is the state of one operator in one subtask (Flink: its keyed state backend
// and its operator state backend). All of it is for one goroutine, the one that
// processes records; only what [Backend.Snapshot] returns is for another.
//
// Restore first, then declare states, then process.
type Backend struct {
	maxParallelism int32
	own            checkpoint.KeyGroupRange

	keyed map[string]interface{ freeze() frozen }
	lists map[string]list

	// What was read and not yet declared.
	sections map[string]map[int32][]byte // by name and key group: entries
	elements map[string]*restoredList
}

// New returns state that is empty, of a subtask that owns these key groups out of as
// many as the max parallelism.
func New(maxParallelism int32, own checkpoint.KeyGroupRange) *Backend {
	return &Backend{
		maxParallelism: maxParallelism, own: own,
		keyed: make(map[string]interface{ freeze() frozen }), lists: make(map[string]list),
		sections: make(map[string]map[int32][]byte), elements: make(map[string]*restoredList),
	}
}

// KeyGroups returns the key groups that the subtask owns.
func (b *Backend) KeyGroups() checkpoint.KeyGroupRange { return b.own }

// takeSections hands over what was read for a keyed state.
func (b *Backend) takeSections(name string) map[int32][]byte {
	sections := b.sections[name]
	delete(b.sections, name)
	return sections
}
