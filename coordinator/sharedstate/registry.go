package sharedstate

import (
	"errors"
	"maps"
	"strings"
	"sync"

	"github.com/cairnstate/cairn/checkpoint"
)

// ErrClosed says that a registry was used after a newer one took its place.
var ErrClosed = errors.New("shared state registry is closed")

// Registry maps files to the checkpoints that use them. [New] makes one. It is
// safe for use by many goroutines at once, and never blocks on I/O.
type Registry struct {
	mu      sync.Mutex
	closed  bool
	entries map[string]*entry // by canonical path
	// foreign holds the paths that are the user's. It outlives the registry.
	foreign map[string]struct{}
	// sharing says for restored checkpoints what they were created with.
	sharing map[int64]checkpoint.SharingFilesStrategy
	// handles holds what has no file of its own, by Flink's physical id.
	handles map[string]*keptHandle
	// completed holds the checkpoints that completed, as far as entries may still
	// be last used by them.
	completed map[int64]struct{}
}

// entry is a file or directory in use.
type entry struct {
	path         string // as the first mention spelt it
	kind         kind
	keepsCreator bool
	shared       bool  // a handle mentions it as a file to share
	size         int64 // that the handle says
	usage
}

// resized says whether the file has another size than before. Sizes below 0 are
// unknown.
func (e *entry) resized(size int64) bool {
	return e.shared && size >= 0 && e.size >= 0 && size != e.size
}

func (e *entry) share(size int64) {
	if !e.shared || size >= 0 {
		e.shared, e.size = true, size
	}
}

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

// New returns an empty registry.
func New() *Registry {
	return &Registry{
		entries: make(map[string]*entry),
		foreign: make(map[string]struct{}),
		sharing: make(map[int64]checkpoint.SharingFilesStrategy),

		handles:   make(map[string]*keptHandle),
		completed: make(map[int64]struct{}),
	}
}

// Successor closes the registry and returns a fresh one for the next attempt of
// the job, in which retained checkpoints register again. The fresh one is empty,
// but remembers which files are the user's: they would look like the job's own
// once the snapshot that brought them has been subsumed.
func (r *Registry) Successor() *Registry {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	next := New()
	next.foreign = maps.Clone(r.foreign)
	return next
}

// Close makes the registry refuse registrations and hand out nothing more. Late
// calls are harmless.
func (r *Registry) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
}

// Len returns the number of paths in use, the checkpoints' own directories included.
func (r *Registry) Len() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.entries)
}

// Register takes up the shared state of a restored checkpoint. Registering it
// again changes nothing. The error is [ErrClosed].
func (r *Registry) Register(cp Restored) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return ErrClosed
	}
	r.sharing[cp.CheckpointID] = cp.Sharing
	r.completed[cp.CheckpointID] = struct{}{}
	visit := func(u use) {
		if u.kind == kept {
			_ = r.keep(u, cp.CheckpointID) // of two that are there already the first counts
			return
		}
		key := canonical(u.path)
		_ = r.use(u, key, cp.CheckpointID)
		if !cp.Owned {
			r.disown(key)
		}
	}
	visit(use{path: cp.Directory, kind: pin}) // no directory around it may go
	walk{directory: cp.Directory, visit: visit}.operators(cp.Operators)
	return nil
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
	r.disown(canonical(cp.Directory))
	walk{directory: cp.Directory, all: true, visit: func(u use) {
		if key := canonical(u.path); u.kind != kept && r.entries[key] != nil {
			r.disown(key)
		}
	}}.operators(cp.Operators)
}

func (r *Registry) disown(key string) {
	r.foreign[strings.Clone(key)] = struct{}{}
}

// use records one mention. It fails, and changes nothing, if the mention cannot be true.
func (r *Registry) use(u use, key string, checkpointID int64) error {
	e, known := r.entries[key]
	if !known {
		e = r.add(u, key, checkpointID)
	}
	if u.handle != nil {
		size := u.handle.StateSize()
		if e.resized(size) && r.settled(e.usage) {
			return ErrOverwritten
		}
		e.share(size)
	}
	if e.kind != u.kind || strings.HasSuffix(key, "/") {
		e.kind = pin // two minds about whose it is, or the root of a store: not ours
	}
	e.keepsCreator = e.keepsCreator || u.keepsCreator
	e.usage = r.usedBy(checkpointID, e.usage)
	return nil
}

// add makes an entry with strings of its own: those of decoded metadata are views
// into the whole file, and would hold it in memory for as long as the entry lives.
func (r *Registry) add(u use, key string, checkpointID int64) *entry {
	name := strings.Clone(u.path)
	if key == u.path {
		key = name
	} else {
		key = strings.Clone(key)
	}
	e := &entry{path: name, kind: u.kind, usage: firstUse(checkpointID)}
	r.entries[key] = e
	return e
}
