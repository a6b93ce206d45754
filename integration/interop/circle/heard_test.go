//go:build interop

package circle

import (
	"context"
	"sync"

	"github.com/cairnstate/cairn/task"
)

// heard passes on what tasks say to the coordinator, and remembers it.
type heard struct {
	to task.Responder

	mu        sync.Mutex
	snapshots map[int64]map[who]what // by checkpoint
}

type (
	who  = task.ExecutionAttempt
	what = *task.Snapshot
)

func (h *heard) AcknowledgeCheckpoint(ctx context.Context, ack task.Acknowledgement) bool {
	h.remember(ack)
	return h.to.AcknowledgeCheckpoint(ctx, ack)
}

func (h *heard) DeclineCheckpoint(ctx context.Context, decline task.Decline) {
	h.to.DeclineCheckpoint(ctx, decline)
}

func (h *heard) remember(ack task.Acknowledgement) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.snapshots[ack.CheckpointID] == nil {
		h.snapshots[ack.CheckpointID] = map[who]what{}
	}
	h.snapshots[ack.CheckpointID][ack.Attempt] = ack.State
}

// snapshot returns what an attempt has acknowledged.
func (h *heard) snapshot(id int64, attempt task.ExecutionAttempt) *task.Snapshot {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s := h.snapshots[id][attempt]; s != nil {
		return s
	}
	return &task.Snapshot{}
}
