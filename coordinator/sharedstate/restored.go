package sharedstate

import (
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
)

// Restored is a checkpoint that is registered because it was there when the job
// was restored.
type Restored struct {
	CheckpointID int64
	Operators    []checkpoint.OperatorState
	// Directory is where relative handles are: that of the metadata file.
	Directory string
	// Owned says that the job may delete what the checkpoint names. Without it
	// the files are the user's, for good.
	Owned bool
	// Sharing is what the checkpoint was created with; empty if unknown.
	Sharing checkpoint.SharingFilesStrategy
}

// Register takes up the shared state of a restored checkpoint. Registering it
// again changes nothing. The error is [ErrClosed].
func (r *Registry) Register(cp Restored) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return ErrClosed
	}
	r.completed[cp.CheckpointID] = struct{}{}
	r.bind(cp)
	r.mentions.deal = func(m *mention) error {
		// Of handles that contradict each other, and are there already, the first counts.
		_ = r.mention(m, cp.CheckpointID)
		if !cp.Owned {
			r.disown(m)
		}
		return nil
	}
	r.mentions.visit(use{path: cp.Directory, kind: pin}) // no directory around it may go
	walk{directory: cp.Directory, visit: r.mentions.visit}.operators(cp.Operators)
	return r.mentions.finish()
}

// bind remembers whether the checkpoint has files of its own that later ones use.
func (r *Registry) bind(cp Restored) {
	delete(r.selfContained, cp.CheckpointID)
	if cp.Sharing == checkpoint.NoSharing {
		r.selfContained[cp.CheckpointID] = true
	}
}

// Disown marks all that the checkpoint names, private files too, as far as the
// registry knows it, as the user's. It is for snapshots that the user keeps, and
// holds for good. After Close it does nothing.
func (r *Registry) Disown(cp Restored) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	r.mentions.deal = func(m *mention) error {
		r.disown(m)
		return nil
	}
	r.foreign[strings.Clone(canonical(cp.Directory))] = struct{}{}
	r.mentions.visit(use{path: cp.Directory, kind: pin})
	walk{directory: cp.Directory, all: true, visit: r.mentions.visit}.operators(cp.Operators)
	_ = r.mentions.finish() // cannot fail
}

// disown gives what is known of a mention to the user.
func (r *Registry) disown(m *mention) {
	if m.kind == kept {
		return
	}
	if e := m.find(&r.paths); e != nil {
		e.kind = pin
		r.foreign[r.paths.canonical(e)] = struct{}{}
	}
}
