//go:build interop

package circle

import (
	"context"
	"fmt"
	"time"

	"github.com/cairnstate/cairn/coordinator/masterhook"
)

// masterHook is MasterHook.java, in Go: Flink's refuses to restore what does not name
// the checkpoint that it is in.
type masterHook struct{}

func (masterHook) Identifier() string { return "master-hook-🪨" }

func (masterHook) TriggerCheckpoint(_ context.Context, id int64, _ time.Time) (*masterhook.State, error) {
	return &masterhook.State{Version: 77, Payload: fmt.Appendf(nil, "checkpoint %d", id)}, nil
}

func (masterHook) Decode(version int32, payload []byte) (any, error) {
	if version != 77 {
		return nil, fmt.Errorf("version %d", version)
	}
	return string(payload), nil
}

func (masterHook) RestoreCheckpoint(_ context.Context, id int64, state any) error {
	if want := fmt.Sprintf("checkpoint %d", id); state != want {
		return fmt.Errorf("state is %q, want %q", state, want)
	}
	return nil
}

func (masterHook) Reset(context.Context) error { return nil }

func (masterHook) Close() error { return nil }
