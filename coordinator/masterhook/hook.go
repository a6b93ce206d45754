package masterhook

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Hook takes part in checkpoints on the coordinator's side. On restore and at the
// end the coordinator calls it under its lock, from one goroutine at a time; it must
// not call the coordinator back.
type Hook interface {
	// Identifier names the hook across executions of the job. It must not change.
	Identifier() string

	// TriggerCheckpoint returns the state of the external system for a checkpoint,
	// before any task is told of it; nil if there is none. The timestamp is that of
	// the trigger. An error ends the checkpoint. It is called without a lock of the
	// coordinator, once for a checkpoint, and perhaps while a restore calls the
	// other methods: a checkpoint that is given up goes on until it notices that the
	// context has ended, and no other begins before.
	TriggerCheckpoint(ctx context.Context, checkpointID int64, timestamp time.Time) (*State, error)

	// Decode turns what the hook once saved back into its state, without acting
	// on it. The version is that of the serializer that wrote the payload, which
	// must not be changed or kept.
	Decode(version int32, payload []byte) (state any, err error)

	// RestoreCheckpoint takes the external system back to the checkpoint. The
	// state is what Decode returned, or nil if the checkpoint has none for this
	// hook. It is called again if a restore is repeated.
	RestoreCheckpoint(ctx context.Context, checkpointID int64, state any) error

	// Reset takes the external system back to the beginning: there is no
	// checkpoint to restore.
	Reset(ctx context.Context) error

	// Close is called once, at the end of the job.
	Close() error
}

// State is what a hook saves with a checkpoint.
type State struct {
	Version int32 // of the serializer that wrote the payload; given to [Hook.Decode]
	Payload []byte
}

// ErrUnmatchedState says that a checkpoint holds the state of a hook that the
// job does not have.
var ErrUnmatchedState = errors.New("state of an unknown master hook")

// Hooks are the hooks of a job, in the order in which they were added. The zero
// value is empty and ready. It is safe for use by many goroutines at once, and no
// lock is held while a hook is called; whether hooks are called by one at a time is
// the caller's business.
type Hooks struct {
	mu    sync.Mutex
	hooks []Hook // is replaced when it changes, so that it can be read without the lock
}

// Add adds a hook. Its identifier must not be empty, nor be taken.
func (h *Hooks) Add(hook Hook) error {
	id := hook.Identifier()
	if id == "" {
		return errors.New("master hook: identifier is empty")
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, taken := find(h.hooks, id); taken {
		return fmt.Errorf("master hook %q: the identifier is taken by another hook", id)
	}
	h.hooks = append(slices.Clip(h.hooks), hook)
	return nil
}

// Len returns the number of hooks.
func (h *Hooks) Len() int { return len(h.all()) }

// Identifiers returns the names of the hooks, in their order: those whose answers a
// checkpoint waits for.
func (h *Hooks) Identifiers() []string {
	var identifiers []string
	for _, hook := range h.all() {
		identifiers = append(identifiers, hook.Identifier())
	}
	return identifiers
}

// Reset resets every hook, and returns what failed.
func (h *Hooks) Reset(ctx context.Context) error {
	return h.each(func(hook Hook) error { return hook.Reset(ctx) }, "reset")
}

// Close closes every hook and forgets them, and returns what failed.
func (h *Hooks) Close() error {
	err := h.each(Hook.Close, "close")
	h.mu.Lock()
	defer h.mu.Unlock()
	h.hooks = nil
	return err
}

func (h *Hooks) all() []Hook {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.hooks
}

func (h *Hooks) each(call func(Hook) error, verb string) error {
	var failed []error
	for _, hook := range h.all() {
		if err := call(hook); err != nil {
			failed = append(failed, fmt.Errorf("master hook %q: %s: %w", hook.Identifier(), verb, err))
		}
	}
	return errors.Join(failed...)
}

func find(hooks []Hook, id string) (index int, found bool) {
	index = slices.IndexFunc(hooks, func(hook Hook) bool { return hook.Identifier() == id })
	return index, index >= 0
}
