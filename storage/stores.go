package storage

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"sync"

	"github.com/cairnstate/cairn/storage/backend"
)

// storeID names a store: two paths are in the same one if it is equal. The
// scheme is the canonical one, so s3://b and s3a://b are one store.
type storeID struct{ scheme, authority string }

func (id storeID) String() string {
	return backend.Root{Scheme: id.scheme, Authority: id.authority}.String()
}

// stores opens the backend of each store once.
type stores struct {
	registry *backend.Registry
	params   map[storeID]url.Values // complete before the first use

	mu      sync.Mutex
	entries map[storeID]*store // guarded by mu
	closed  bool               // guarded by mu
}

// store is one store. Whoever put something into turn may touch the rest.
type store struct {
	turn    chan struct{}
	backend backend.Backend // nil until it is open
	closed  bool
}

func newStores(registry *backend.Registry) *stores {
	return &stores{registry: registry, params: make(map[storeID]url.Values), entries: make(map[storeID]*store)}
}

func (s *stores) id(p Path) storeID {
	return storeID{s.registry.Canonical(p.scheme), p.authority}
}

// configure sets the parameters of a store. Several locations of one store may
// say the same, or nothing.
func (s *stores) configure(id storeID, params url.Values) error {
	if len(params) == 0 {
		return nil
	}
	if old, ok := s.params[id]; ok && !reflect.DeepEqual(old, params) {
		return fmt.Errorf("storage: %s is configured twice, in different ways; one store has one configuration", id)
	}
	s.params[id] = params
	return nil
}

// open returns the backend of the store. Of many goroutines that need it first,
// one opens it; an opening that fails is tried again by the next.
func (s *stores) open(ctx context.Context, id storeID) (backend.Backend, error) {
	entry, err := s.entry(id)
	if err != nil {
		return nil, err
	}
	select {
	case entry.turn <- struct{}{}:
		defer func() { <-entry.turn }()
	case <-ctx.Done():
		return nil, fmt.Errorf("storage: waiting for %s to open: %w", id, context.Cause(ctx))
	}
	switch {
	case entry.closed:
		return nil, errStorageClosed
	case entry.backend != nil:
		return entry.backend, nil
	}
	opened, err := s.registry.Open(ctx, backend.Root{Scheme: id.scheme, Authority: id.authority, Params: maps.Clone(s.params[id])})
	if err != nil {
		return nil, err
	}
	entry.backend = opened
	return opened, nil
}

func (s *stores) entry(id storeID) (*store, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errStorageClosed
	}
	if s.entries[id] == nil {
		s.entries[id] = &store{turn: make(chan struct{}, 1)}
	}
	return s.entries[id], nil
}

// close closes what is open, and waits for what is opening.
func (s *stores) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	var errs []error
	for _, entry := range s.entries {
		errs = append(errs, entry.close())
	}
	return errors.Join(errs...)
}

func (s *store) close() error {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	s.closed = true // for those that wait for their turn
	if s.backend == nil {
		return nil
	}
	return s.backend.Close()
}
