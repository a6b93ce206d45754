package state

import (
	"errors"
	"fmt"
	"iter"
)

// KeyedState has a value for each key of the subtask. It is for the goroutine that owns
// the [Backend].
//
// A value that was put must not be changed in place, nor what it points to: while it is
// written to a checkpoint it is still read. Put another one.
//
// A key that belongs to another subtask is a mistake of the program, as an index out of
// range is: all methods panic with a [*ForeignKeyError].
type KeyedState[K comparable, V any] struct {
	name    string
	backend *Backend
	keys    Key[K]
	values  Codec[V]
	layers  *layers[K, V]
}

// ErrDeclared says that there is a state of that name already.
var ErrDeclared = errors.New("the state was declared before")

// Keyed declares keyed state, and fills it with what was restored. The name is what it
// is found by after a restart. A nil codec is [JSON].
func Keyed[K comparable, V any](b *Backend, name string, keys Key[K], values Codec[V]) (*KeyedState[K, V], error) {
	if _, twice := b.keyed[name]; twice {
		return nil, fmt.Errorf("keyed state %q: %w", name, ErrDeclared)
	}
	s := &KeyedState[K, V]{name: name, backend: b, keys: keys, layers: newLayers[K, V](int(b.own.Count))}
	var keysErr, valuesErr error
	s.keys.Codec, keysErr = orJSON(keys.Codec)
	s.values, valuesErr = orJSON(values)
	if err := errors.Join(keysErr, valuesErr); err != nil {
		return nil, fmt.Errorf("keyed state %q: %w", name, err)
	}
	if err := s.restore(); err != nil {
		return nil, fmt.Errorf("keyed state %q: restore: %w; was it written with another codec?", name, err)
	}
	b.keyed[name] = s
	return s, nil
}

// group returns the place of the key's group among the own ones.
func (s *KeyedState[K, V]) group(key K) int {
	group := s.keys.Group(key, s.backend.maxParallelism)
	if !s.backend.own.Contains(group) {
		panic(&ForeignKeyError{State: s.name, Key: key, Group: group, Own: s.backend.own})
	}
	return int(group - s.backend.own.Start)
}

// Get returns the value of the key, and whether there is one.
func (s *KeyedState[K, V]) Get(key K) (V, bool) { return s.layers.get(s.group(key), key) }

// Put sets the value of the key.
func (s *KeyedState[K, V]) Put(key K, value V) { s.layers.put(s.group(key), key, value) }

// Delete removes the key; one that is not there may be removed too.
func (s *KeyedState[K, V]) Delete(key K) { s.layers.delete(s.group(key), key) }

// All returns keys and values by ascending key groups, and in no order within one. The
// state may be changed meanwhile; what is yielded is as it was at the beginning.
func (s *KeyedState[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		view := s.layers.freeze()
		defer view.release()
		for group := range s.layers.groups {
			if view.each(group, func(key K, value V) error {
				if !yield(key, value) {
					return errStop
				}
				return nil
			}) != nil {
				return
			}
		}
	}
}

// errStop ends an iteration whose consumer has enough.
var errStop = errors.New("stop")
