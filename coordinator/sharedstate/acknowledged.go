package sharedstate

import (
	"errors"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
)

// What is wrong with the shared state that a task reports, for errors.Is.
var (
	// ErrUnknownPlaceholder says that a task builds on a file of which no
	// checkpoint is known. It must send the file itself.
	ErrUnknownPlaceholder = errors.New("placeholder for state that no checkpoint registered")

	// ErrOverwritten says that a task gave to other state the name that state of
	// a completed checkpoint has, which may be lost.
	ErrOverwritten = errors.New("name is that of other state, which a completed checkpoint uses")

	// ErrRelative says that a task reports shared state by a relative path, which
	// nobody could find from the metadata of another checkpoint.
	ErrRelative = errors.New("relative path for state to share")
)

// RegisterAcknowledged takes up the shared state that a subtask acknowledges for a
// checkpoint, and returns its state with the handles of then in place of
// placeholders: s itself where there are none, else a copy, for s never changes.
//
// What is known already is used by this checkpoint too. Nothing is ever superfluous:
// a name is that of one file, so whoever sends a known one has not uploaded another.
// Until a checkpoint that uses it has completed, the file may have been written
// again, and the newest handle counts.
//
// The error is [ErrClosed], or wraps another of this package's. What was registered
// before it goes when a later checkpoint has completed.
func (r *Registry) RegisterAcknowledged(id int64, s *checkpoint.OperatorSubtaskState) (*checkpoint.OperatorSubtaskState, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, ErrClosed
	}
	if s == nil {
		return nil, nil
	}
	a := acknowledgement{registry: r, id: id}
	walk{visit: a.visit}.subtask(s)
	if a.err != nil {
		return nil, fmt.Errorf("shared state of checkpoint %d: %w", id, a.err)
	}
	return a.handles.fill(s), nil
}

// CheckpointCompleted says that a checkpoint is whole: from now on its state may not
// be replaced under the same name.
func (r *Registry) CheckpointCompleted(id int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.closed {
		r.completed[id] = struct{}{}
	}
}

// acknowledgement registers what a subtask reports, up to the first error.
type acknowledgement struct {
	registry *Registry
	id       int64
	handles  handlesOfThen
	err      error
}

func (a *acknowledgement) visit(u use) {
	if a.err != nil {
		return
	}
	if err := a.register(u); err != nil && a.err == nil {
		a.err = fmt.Errorf("%q: %w", u.path, err)
	}
}

func (a *acknowledgement) register(u use) error {
	switch {
	case u.relative:
		return ErrRelative
	case u.kind == kept:
		return a.registry.keep(u, a.id)
	case u.kind == placeholder:
		return a.placeholder(u)
	}
	return a.registry.use(u, canonical(u.path), a.id)
}

// placeholder finds what one stands for, a file by its path or else what was kept by
// that name, and goes on as if that had been sent.
func (a *acknowledgement) placeholder(u use) error {
	h := a.registry.handleOf(u.path)
	if h == nil {
		return ErrUnknownPlaceholder
	}
	a.handles = append(a.handles, h)
	walk{visit: a.visit}.shared(h)
	return a.err
}

func (r *Registry) handleOf(name string) checkpoint.StreamStateHandle {
	if e := r.entries[canonical(name)]; e != nil && e.shared {
		return &checkpoint.FileStateHandle{Path: name, Size: e.size}
	}
	if k := r.handles[name]; k != nil {
		return k.handle
	}
	return nil
}
