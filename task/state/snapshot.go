package state

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
)

// Snapshot is the state of some time. It is used once: by Write, or, if it is never
// written, by Release. What was written may be discarded as long as nobody was told.
type Snapshot struct {
	own      checkpoint.KeyGroupRange
	names    []string // of keyed states that are declared, in order
	keyed    map[string]frozen
	sections map[string]map[int32][]byte // of those that are not
	lists    []frozenList

	written   []*storage.CheckpointStateOutputStream
	abandoned atomic.Bool
}

// Snapshot freezes the state as it is. It takes as long as there are states and layers,
// whatever their size.
func (b *Backend) Snapshot() *Snapshot {
	s := &Snapshot{own: b.own, keyed: make(map[string]frozen, len(b.keyed)), sections: maps.Clone(b.sections)}
	s.names = slices.Sorted(maps.Keys(b.keyed))
	for name, state := range b.keyed {
		s.keyed[name] = state.freeze()
	}
	for _, name := range slices.Sorted(maps.Keys(b.lists)) {
		s.lists = append(s.lists, b.lists[name].freeze())
	}
	for _, name := range slices.Sorted(maps.Keys(b.elements)) {
		if b.carries(b.elements[name]) {
			s.lists = append(s.lists, b.elements[name].freeze(name))
		}
	}
	return s
}

// carries reports whether a list that nobody declares is in this subtask's snapshots. Of
// a union every subtask has all: if each wrote them they would be more every time.
func (b *Backend) carries(undeclared *restoredList) bool {
	return undeclared.mode != checkpoint.Union || b.own.Contains(0)
}

// Release gives the snapshot up before Write.
func (s *Snapshot) Release() {
	for _, state := range s.keyed {
		state.release()
	}
	s.keyed = nil
}

// ErrAbandoned says that a snapshot was given up while it was written.
var ErrAbandoned = errors.New("the snapshot was abandoned")

// Abandon has Write stop soon, with ErrAbandoned, and leave nothing. It may be called at
// any time by any goroutine.
func (s *Snapshot) Abandon() { s.abandoned.Store(true) }

// Write writes the state to the streams of its checkpoint, and releases the snapshot. It
// may run beside the records, in one goroutine. The savepoint format of keyed state is
// the same; only its handle says what it is.
//
// It returns nil if there is no state. After an error no file is left, unless the context
// ended while the store was at work: what may be left then lies in the checkpoint's own
// directory, and goes with that.
func (s *Snapshot) Write(ctx context.Context, streams *storage.CheckpointStreamFactory, kind checkpoint.SnapshotType) (*checkpoint.OperatorSubtaskState, error) {
	defer s.Release()
	keyed := streams.CreateCheckpointStateOutputStream(ctx, storage.ExclusiveState)
	defer keyed.Close()
	lists := streams.CreateCheckpointStateOutputStream(ctx, storage.ExclusiveState)
	defer lists.Close()
	offsets, err := s.writeKeyed(keyed)
	if err != nil {
		return nil, fmt.Errorf("state: write keyed state: %w", err)
	}
	partitions, err := s.writeLists(lists)
	if err != nil {
		return nil, fmt.Errorf("state: write operator state: %w", err)
	}
	s.written = []*storage.CheckpointStateOutputStream{keyed, lists}
	state := new(checkpoint.OperatorSubtaskState)
	if err := errors.Join(s.finishKeyed(keyed, offsets, kind, state), s.finishLists(lists, partitions, state)); err != nil {
		return nil, fmt.Errorf("state: complete: %w", errors.Join(err, s.Discard(ctx)))
	}
	if state.ManagedKeyedState == nil && state.ManagedOperatorState == nil {
		return nil, nil
	}
	return state, nil
}

// Discard deletes the files that Write has written: for who cannot report the handles
// after all. It may be called more than once, after Write.
func (s *Snapshot) Discard(ctx context.Context) error {
	var err error
	for _, stream := range s.written {
		err = errors.Join(err, stream.Discard(ctx))
	}
	return err
}

// usable fails once somebody has abandoned the snapshot.
func (s *Snapshot) usable() error {
	if s.abandoned.Load() {
		return ErrAbandoned
	}
	return nil
}
