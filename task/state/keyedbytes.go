package state

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
)

// restore decodes what was read for the state.
func (s *KeyedState[K, V]) restore() error {
	for group, section := range s.backend.takeSections(s.name) {
		for rest := section; len(rest) > 0; {
			key, value, err := s.entry(&rest)
			if err != nil {
				return fmt.Errorf("key group %d: %w", group, err)
			}
			if at := s.keys.Group(key, s.backend.maxParallelism); at != group {
				return fmt.Errorf("key %v was written in key group %d and would be sought in %d", key, group, at)
			}
			s.layers.put(int(group-s.backend.own.Start), key, value)
		}
	}
	return nil
}

func (s *KeyedState[K, V]) entry(rest *[]byte) (key K, value V, err error) {
	k, err := takeString(rest)
	if err != nil {
		return key, value, err
	}
	v, err := takeString(rest)
	if err != nil {
		return key, value, err
	}
	if key, err = s.keys.Codec.Decode(k); err != nil {
		return key, value, fmt.Errorf("a key: %w", err)
	}
	if value, err = s.values.Decode(v); err != nil {
		err = fmt.Errorf("the value of %v: %w", key, err)
	}
	return key, value, err
}

// frozen is keyed state of any type, while it is written.
type frozen interface {
	// appendGroup appends the entries of a group.
	appendGroup(to []byte, group int32) ([]byte, error)
	release()
}

// frozenKeyed is a KeyedState of some time.
type frozenKeyed[K comparable, V any] struct {
	*view[K, V]
	state *KeyedState[K, V]
	own   checkpoint.KeyGroupRange
	entry []byte // of one key or value, used again
}

func (s *KeyedState[K, V]) freeze() frozen {
	return &frozenKeyed[K, V]{view: s.layers.freeze(), state: s, own: s.backend.own}
}

func (f *frozenKeyed[K, V]) appendGroup(to []byte, group int32) ([]byte, error) {
	err := f.each(int(group-f.own.Start), func(key K, value V) (err error) {
		if f.entry, err = f.state.keys.Codec.Append(f.entry[:0], key); err != nil {
			return fmt.Errorf("keyed state %q: encode key %v: %w", f.state.name, key, err)
		}
		to = appendString(to, f.entry)
		if f.entry, err = f.state.values.Append(f.entry[:0], value); err != nil {
			return fmt.Errorf("keyed state %q: encode the value of %v: %w", f.state.name, key, err)
		}
		to = appendString(to, f.entry)
		return nil
	})
	return to, err
}
