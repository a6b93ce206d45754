package coordinator_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/masterhook"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/task"
)

var errBroken = errors.New("broken")

// world is all that a coordinator talks to. Each part writes down what it is
// asked, in one list, and fails where it is told to.
type world struct {
	mu        sync.Mutex
	calls     []string
	fails     string // the call that fails
	metadata  map[string][]byte
	locations []*location
	awaited   map[string]chan struct{}
}

// await returns a channel that is closed when the call is made.
func (w *world) await(call string) <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.awaited = map[string]chan struct{}{call: make(chan struct{})}
	return w.awaited[call]
}

func (w *world) did(format string, args ...any) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	call := fmt.Sprintf(format, args...)
	w.calls = append(w.calls, call)
	if made, awaited := w.awaited[call]; awaited {
		close(made)
		delete(w.awaited, call)
	}
	if call == w.fails {
		return fmt.Errorf("%s: %w", call, errBroken)
	}
	return nil
}

func (w *world) take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	calls := w.calls
	w.calls = nil
	return calls
}

func (w *world) openLocations() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	open := 0
	for _, l := range w.locations {
		if l.closes == 0 {
			open++
		}
	}
	return open
}

// ResolveCheckpoint makes the world a storage.CheckpointStorage.
func (w *world) ResolveCheckpoint(_ context.Context, pointer string) (storage.CompletedCheckpointStorageLocation, error) {
	if err := w.did("resolve"); err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, there := w.metadata[pointer]; !there {
		return nil, storage.ErrNotFound
	}
	l := &location{world: w, pointer: pointer}
	w.locations = append(w.locations, l)
	return l, nil
}

type location struct {
	world   *world
	pointer string
	closes  int // guarded by world.mu
}

func (l *location) ExternalPointer() string { return l.pointer }
func (l *location) MetadataPath() string    { return l.pointer + "/_metadata" }

func (l *location) ReadMetadata(context.Context) ([]byte, error) {
	if err := l.world.did("read"); err != nil {
		return nil, err
	}
	l.world.mu.Lock()
	defer l.world.mu.Unlock()
	return slices.Clone(l.world.metadata[l.pointer]), nil
}

func (l *location) OpenState(_ context.Context, handle checkpoint.StreamStateHandle) (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(fmt.Appendf(nil, "%d bytes of %s", handle.StateSize(), l.pointer))), nil
}

func (l *location) Close() error {
	l.world.mu.Lock()
	defer l.world.mu.Unlock()
	l.closes++
	return nil
}

// store is a deque that writes down what it is asked.
type store struct {
	world *world
	*completed.Deque
	survives bool // as a store that is elsewhere: it keeps all at a suspension
}

func newStore(t *testing.T, w *world, retain int) *store {
	t.Helper()
	deque, err := completed.NewDeque(retain)
	if err != nil {
		t.Fatal(err)
	}
	return &store{world: w, Deque: deque}
}

func (s *store) Recover(context.Context) error { return s.world.did("recover") }

func (s *store) Add(ctx context.Context, c *completed.Checkpoint) ([]*completed.Checkpoint, error) {
	if err := s.world.did("add %d", c.ID); err != nil {
		return nil, err
	}
	return s.Deque.Add(ctx, c)
}

func (s *store) Shutdown(ctx context.Context, status completed.JobStatus) (discard, retain []*completed.Checkpoint, err error) {
	if err := s.world.did("shut down store %s", status); err != nil {
		return nil, nil, err
	}
	if s.survives && status == completed.Suspended {
		return nil, s.All(), nil
	}
	return s.Deque.Shutdown(ctx, status)
}

// counter writes down what it is asked.
type counter struct {
	world *world
	next  int64
}

func (c *counter) Get(context.Context) (int64, error) { return c.next, c.world.did("count") }

func (c *counter) GetAndIncrement(context.Context) (int64, error) {
	c.next++
	return c.next - 1, nil
}

func (c *counter) SetCount(_ context.Context, next int64) error {
	if err := c.world.did("set count %d", next); err != nil {
		return err
	}
	c.next = next
	return nil
}

func (c *counter) Shutdown(_ context.Context, status completed.JobStatus) error {
	return c.world.did("shut down counter %s", status)
}

// hook is a master hook.
type hook struct {
	world *world
	name  string
}

func (h hook) Identifier() string { return h.name }

func (h hook) TriggerCheckpoint(_ context.Context, id int64, _ time.Time) (*masterhook.State, error) {
	return &masterhook.State{Payload: []byte(h.name)}, h.world.did("hook %s triggers %d", h.name, id)
}

func (h hook) Decode(_ int32, payload []byte) (any, error) {
	return string(payload), h.world.did("hook %s decodes", h.name)
}

func (h hook) RestoreCheckpoint(_ context.Context, id int64, state any) error {
	return h.world.did("hook %s restores %d %v", h.name, id, state)
}

func (h hook) Reset(context.Context) error { return h.world.did("hook %s resets", h.name) }
func (h hook) Close() error                { return h.world.did("hook %s closes", h.name) }

// operatorCoordinator is the coordinator of an operator.
type operatorCoordinator struct {
	world *world
	name  string
}

func (o operatorCoordinator) Checkpoint(_ context.Context, id int64, answer func([]byte, error)) {
	err := o.world.did("coordinator %s checkpoints %d", o.name, id)
	go answer([]byte(o.name), err)
}

func (o operatorCoordinator) Acknowledged(id int64, attempt task.ExecutionAttempt) {
	_ = o.world.did("coordinator %s hears that %s acknowledged %d", o.name, attempt, id)
}

func (o operatorCoordinator) NotifyCheckpointComplete(id int64) {
	_ = o.world.did("coordinator %s hears of completed %d", o.name, id)
}

func (o operatorCoordinator) NotifyCheckpointAborted(id int64) {
	_ = o.world.did("coordinator %s hears of aborted %d", o.name, id)
}

func (o operatorCoordinator) SubtaskReset(subtask int32, id int64) {
	_ = o.world.did("coordinator %s hears that %d goes back to %d", o.name, subtask, id)
}

func (o operatorCoordinator) ResetToCheckpoint(_ context.Context, id int64, state []byte) error {
	if state == nil {
		return o.world.did("coordinator %s goes to %d without state", o.name, id)
	}
	return o.world.did("coordinator %s goes to %d with %q", o.name, id, state)
}
