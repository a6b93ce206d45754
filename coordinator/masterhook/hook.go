package masterhook

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Hook takes part in checkpoints on the coordinator's side. The coordinator
// calls it under its lock, from one goroutine at a time; it must not call the
// coordinator back.
type Hook interface {
	// Identifier names the hook across executions of the job. It must not change.
	Identifier() string

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

// ErrUnmatchedState says that a checkpoint holds the state of a hook that the
// job does not have.
var ErrUnmatchedState = errors.New("state of an unknown master hook")

// Hooks are the hooks of a job, in the order in which they were added. The zero
// value is empty and ready. It is for one goroutine at a time: the coordinator
// guards its own with its lock.
type Hooks struct {
	hooks []Hook
}

// Add adds a hook. Its identifier must not be empty, nor be taken.
func (h *Hooks) Add(hook Hook) error {
	id := hook.Identifier()
	if id == "" {
		return errors.New("master hook: identifier is empty")
	}
	if _, taken := h.find(id); taken {
		return fmt.Errorf("master hook %q: the identifier is taken by another hook", id)
	}
	h.hooks = append(h.hooks, hook)
	return nil
}

// Len returns the number of hooks.
func (h *Hooks) Len() int { return len(h.hooks) }

// Reset resets every hook, and returns what failed.
func (h *Hooks) Reset(ctx context.Context) error {
	return h.each(func(hook Hook) error { return hook.Reset(ctx) }, "reset")
}

// Close closes every hook and forgets them, and returns what failed.
func (h *Hooks) Close() error {
	err := h.each(Hook.Close, "close")
	h.hooks = nil
	return err
}

func (h *Hooks) each(call func(Hook) error, verb string) error {
	var failed []error
	for _, hook := range h.hooks {
		if err := call(hook); err != nil {
			failed = append(failed, fmt.Errorf("master hook %q: %s: %w", hook.Identifier(), verb, err))
		}
	}
	return errors.Join(failed...)
}

func (h *Hooks) find(id string) (index int, found bool) {
	index = slices.IndexFunc(h.hooks, func(hook Hook) bool { return hook.Identifier() == id })
	return index, index >= 0
}
