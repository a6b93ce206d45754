package flink

import (
	"context"
	"encoding/hex"

	"github.com/cairnstate/cairn/task"
)

// gateway is the way to one subtask. What it is told goes into the JVM, and from
// there to the task by Flink's RPC.
type gateway struct {
	job     *Job
	vertex  int
	subtask int32
}

func (g gateway) TriggerCheckpoint(_ context.Context, b task.Barrier) error {
	return g.tell("task-trigger", object{
		"checkpoint":     b.CheckpointID,
		"timestamp":      b.Timestamp.UnixMilli(),
		"type":           object{"name": b.Options.Type.Name, "format": b.Options.Type.Format},
		"reference":      hex.EncodeToString(b.Options.Location.Bytes()),
		"exactlyOnce":    b.Options.ExactlyOnce,
		"unaligned":      b.Options.Unaligned,
		"alignedTimeout": b.Options.AlignedTimeout.Milliseconds(),
	})
}

func (g gateway) NotifyCheckpointComplete(_ context.Context, c task.Completed) error {
	return g.tell("task-complete", object{"checkpoint": c.CheckpointID, "timestamp": c.Timestamp.UnixMilli(), "subsumed": c.LastSubsumed})
}

func (g gateway) NotifyCheckpointAborted(_ context.Context, a task.Aborted) error {
	return g.tell("task-abort", object{"checkpoint": a.CheckpointID, "timestamp": a.Timestamp.UnixMilli(), "latest": a.LatestCompleted})
}

func (g gateway) tell(what string, message object) error {
	message["vertex"], message["subtask"] = g.vertex, g.subtask
	return g.job.jvm.send(what, message, nil)
}
