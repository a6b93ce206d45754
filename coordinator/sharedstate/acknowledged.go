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
// Handles in the copy may be the registry's own, and are not to be changed either.
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
	a := acknowledgement{registry: r, id: id, handles: &r.then}
	defer r.then.reset()
	r.mentions.deal = a.deal
	walk{visit: r.mentions.visit}.subtask(s)
	if err := r.mentions.finish(); err != nil {
		return nil, fmt.Errorf("shared state of checkpoint %d: %w", id, err)
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
	handles  *handlesOfThen
}

func (a *acknowledgement) deal(m *mention) error {
	if err := a.register(m); err != nil {
		return fmt.Errorf("%q: %w", m.path, err)
	}
	return nil
}

func (a *acknowledgement) register(m *mention) error {
	switch {
	case m.relative:
		return ErrRelative
	case m.kind == placeholder:
		return a.placeholder(m)
	}
	return a.registry.mention(m, a.id)
}

// placeholder finds what one stands for, a file by its path or else what was kept by
// that name, and goes on as if that had been sent.
func (a *acknowledgement) placeholder(m *mention) error {
	if e := m.find(&a.registry.paths); e != nil && e.shared() {
		a.handles.file(m.path, e.size)
		return a.registry.again(e, &use{kind: file}, a.id)
	}
	known := a.registry.handles[m.path]
	if known == nil {
		return ErrUnknownPlaceholder
	}
	a.handles.other(known.handle)
	walk{visit: a.registry.mentions.now}.shared(known.handle)
	return nil
}
