package masterhook

import (
	"context"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
)

// Restored is what a restore of master hooks came to.
type Restored struct {
	Hooks   []string // identifiers of the hooks that were called, in order
	Dropped []string // names of the states that no hook resumed
}

// Restore takes the hooks back to a checkpoint with these master states. State
// that no hook resumes is dropped if that is allowed, and is [ErrUnmatchedState]
// otherwise. No hook is called before all states are decoded. The first hook that
// fails ends it; those before it stay restored.
func (h *Hooks) Restore(ctx context.Context, states []checkpoint.MasterState, checkpointID int64, allowUnmatched bool) (Restored, error) {
	hooks := h.all()
	if len(states) == 0 || len(hooks) == 0 {
		return Restored{}, nil
	}
	plan, dropped, err := planRestore(hooks, states, allowUnmatched)
	if err != nil {
		return Restored{}, err
	}
	done := Restored{Dropped: dropped}
	for _, step := range plan {
		id := step.hook.Identifier()
		if err := step.hook.RestoreCheckpoint(ctx, checkpointID, step.state); err != nil {
			return done, fmt.Errorf("master hook %q: restore checkpoint %d: %w", id, checkpointID, err)
		}
		done.Hooks = append(done.Hooks, id)
	}
	return done, nil
}

// step is one call to come.
type step struct {
	hook  Hook
	state any
}

// planRestore decodes all states and puts the hooks that have one before those that
// have none.
func planRestore(hooks []Hook, states []checkpoint.MasterState, allowUnmatched bool) (plan []step, dropped []string, err error) {
	matched := make([]bool, len(hooks))
	for _, state := range states {
		i, found := find(hooks, state.Name)
		switch {
		case found && !matched[i]:
			decoded, err := hooks[i].Decode(state.Version, state.Payload)
			if err != nil {
				return nil, nil, fmt.Errorf("master hook %q: decode %d bytes of state, version %d: %w", state.Name, len(state.Payload), state.Version, err)
			}
			matched[i] = true
			plan = append(plan, step{hooks[i], decoded})
		case allowUnmatched:
			dropped = append(dropped, state.Name)
		default:
			return nil, nil, fmt.Errorf("%w: %q: add the hook again, or allow non-restored state to lose it", ErrUnmatchedState, state.Name)
		}
	}
	for i, hook := range hooks {
		if !matched[i] {
			plan = append(plan, step{hook, nil})
		}
	}
	return plan, dropped, nil
}
