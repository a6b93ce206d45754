package sharedstate

import (
	"errors"
	"maps"
	"sync"
)

// ErrClosed says that a registry was used after a newer one took its place.
var ErrClosed = errors.New("shared state registry is closed")

// Registry maps files to the checkpoints that use them. [New] makes one. It is
// safe for use by many goroutines at once, and never blocks on I/O.
//
// For each file that is in use it keeps some 60 bytes, and for each directory that
// such files are in, its path. Registering n handles takes time in proportion to n;
// unregistering, in proportion to the number of files in use. Memory of what is
// gone is given back.
type Registry struct {
	mu      sync.Mutex
	closed  bool
	paths   table
	handles keptHandles
	// foreign holds the canonical paths that are the user's. It outlives the registry.
	foreign map[string]struct{}
	// selfContained are the restored checkpoints that share files with nobody.
	selfContained map[int64]bool
	completed     completions
	// Of the call that has the lock:
	mentions mentions
	then     handlesOfThen
}

// New returns an empty registry.
func New() *Registry {
	r := &Registry{
		paths:         newTable(),
		handles:       make(keptHandles),
		foreign:       make(map[string]struct{}),
		selfContained: make(map[int64]bool),
		completed:     make(completions),
	}
	r.mentions.table = &r.paths
	return r
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

// Len returns the number of paths in use, the restored checkpoints' own directories included.
func (r *Registry) Len() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.paths.entries.live
}
