package mem

import (
	"maps"
	"slices"
)

// Loss is what a crash takes beyond what [backend.Backend] allows. The zero value
// takes nothing: what is committed is there, and nothing else. The others are for
// proving that a test would notice, or that what stands above is content with
// less. No loss reaches further back than [Backend.Remember].
type Loss struct {
	// Changes that were made last are taken back, of whatever kind: the store is
	// what it was before them. Running from 0 to all of them gives the images of a
	// crash after each step of what a test did.
	Changes int
	// Deletes that were made last did not reach the disk: those objects are there
	// again, unless another has taken their place.
	Deletes int
}

// Crash returns the store as it would be found if the machine died at this moment.
// This store goes on, and has nothing in common with the other any more, so a test
// may take an image wherever it likes. Writers that have not ended belong to this
// store; in the image they have left what [Backend.Unfinished] tells.
func (b *Backend) Crash(loss Loss) *Backend {
	b.mu.RLock()
	defer b.mu.RUnlock()
	image := &Backend{
		Remember: b.Remember, name: b.name, version: b.version,
		objects: maps.Clone(b.objects), left: b.unfinished(),
	}
	kept := b.changes
	for range min(loss.Changes, len(kept)) {
		image.undo(kept[len(kept)-1])
		kept = kept[:len(kept)-1]
	}
	image.undelete(kept, loss.Deletes)
	return image
}

func (b *Backend) undo(c change) {
	if !c.existed {
		delete(b.objects, c.key)
		return
	}
	b.objects[c.key] = c.before
}

func (b *Backend) undelete(changes []change, n int) {
	for _, c := range slices.Backward(changes) {
		if n == 0 {
			return
		}
		if !c.deletes {
			continue
		}
		n--
		if _, replaced := b.objects[c.key]; !replaced {
			b.undo(c)
		}
	}
}

// Unfinished returns the keys of the writers that have neither committed nor been
// closed, in order, and of those that a crash left behind: what lies in a store
// and no verb shows, as parts of an upload do. A test that ends with none has
// closed what it created.
func (b *Backend) Unfinished() []string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.unfinished()
}

func (b *Backend) unfinished() []string {
	keys := slices.Clone(b.left)
	for w := range b.writers {
		keys = append(keys, w.key)
	}
	slices.Sort(keys)
	return keys
}
