package masterhook

import (
	"context"
	"fmt"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
)

// Trigger asks one hook after another for its state, in the order in which they were
// added, and returns what the checkpoint has to keep: hooks that answer nil are not in
// it. The first hook that fails ends it, as does the context, and with it the
// checkpoint: the others are not asked any more. Hooks that are added meanwhile take
// part in the next one.
func (h *Hooks) Trigger(ctx context.Context, checkpointID int64, timestamp time.Time) ([]checkpoint.MasterState, error) {
	var states []checkpoint.MasterState
	for _, hook := range h.all() {
		state, err := trigger(ctx, hook, checkpointID, timestamp)
		if err != nil {
			return nil, fmt.Errorf("master hook %q: trigger checkpoint %d: %w", hook.Identifier(), checkpointID, err)
		}
		if state != nil {
			states = append(states, checkpoint.MasterState{Name: hook.Identifier(), Version: state.Version, Payload: state.Payload})
		}
	}
	return states, nil
}

// trigger does not ask on behalf of a checkpoint that was given up.
func trigger(ctx context.Context, hook Hook, checkpointID int64, timestamp time.Time) (*State, error) {
	if err := ctx.Err(); err != nil {
		return nil, context.Cause(ctx)
	}
	return hook.TriggerCheckpoint(ctx, checkpointID, timestamp)
}
