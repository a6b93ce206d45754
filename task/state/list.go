package state

import (
	"fmt"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
)

// ListState has elements that belong to the subtask. It is for the goroutine that owns
// the [Backend].
//
// An element must not be changed in place, nor what it points to, once it is in the
// list: while it is written to a checkpoint it is still read.
type ListState[T any] struct {
	name   string
	mode   checkpoint.OperatorStateMode
	codec  Codec[T]
	values []T
}

// List declares operator state, and fills it with what was restored. The name is what it
// is found by after a restart. A nil codec is [JSON].
//
// The mode says who gets the elements back: with [checkpoint.SplitDistribute] each goes to
// one subtask, with [checkpoint.Union] all go to all, and with [checkpoint.Broadcast]
// every subtask must have the same ones, and each gets one copy. After a restore with
// union a list has the elements of all subtasks; take those that are yours and Set them.
func List[T any](b *Backend, name string, mode checkpoint.OperatorStateMode, codec Codec[T]) (*ListState[T], error) {
	if _, twice := b.lists[name]; twice {
		return nil, fmt.Errorf("list state %q: %w", name, ErrDeclared)
	}
	codec, err := orJSON(codec)
	if err != nil {
		return nil, fmt.Errorf("list state %q: %w", name, err)
	}
	l := &ListState[T]{name: name, mode: mode, codec: codec}
	if restored := b.elements[name]; restored != nil {
		if restored.mode != mode {
			return nil, fmt.Errorf("list state %q: it was written as %s, and cannot be read as %s", name, restored.mode, mode)
		}
		for _, data := range restored.elements {
			value, err := l.codec.Decode(data)
			if err != nil {
				return nil, fmt.Errorf("list state %q: restore: %w; was it written with another codec?", name, err)
			}
			l.values = append(l.values, value)
		}
		delete(b.elements, name)
	}
	b.lists[name] = l
	return l, nil
}

// Values returns the elements, in a slice that the caller must not change.
func (l *ListState[T]) Values() []T { return l.values }

// Set makes the list have these elements. It keeps a copy.
func (l *ListState[T]) Set(values ...T) { l.values = slices.Clone(values) }

// Add appends elements.
func (l *ListState[T]) Add(values ...T) { l.values = append(l.values, values...) }

// list is operator state of any type.
type list interface{ freeze() frozenList }

// frozenList is operator state while it is written.
type frozenList struct {
	name string
	mode checkpoint.OperatorStateMode
	len  int

	// element appends the i-th element.
	element func(to []byte, i int) ([]byte, error)
}

// freeze takes the elements there are: those that are added later come behind them, and
// Set makes another slice.
func (l *ListState[T]) freeze() frozenList {
	values := slices.Clip(l.values)
	return frozenList{name: l.name, mode: l.mode, len: len(values), element: func(to []byte, i int) ([]byte, error) {
		to, err := l.codec.Append(to, values[i])
		if err != nil {
			err = fmt.Errorf("list state %q: encode element %d: %w", l.name, i, err)
		}
		return to, err
	}}
}

// restoredList is what was read for a list that is not declared yet.
type restoredList struct {
	mode     checkpoint.OperatorStateMode
	elements [][]byte
}

func (r *restoredList) freeze(name string) frozenList {
	elements := r.elements
	return frozenList{name: name, mode: r.mode, len: len(elements), element: func(to []byte, i int) ([]byte, error) {
		return append(to, elements[i]...), nil
	}}
}
