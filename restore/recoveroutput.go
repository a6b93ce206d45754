package restore

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
)

// recoverOutputDownstream gives what was in output buffers to those who were to
// read it (Flink: TaskStateAssignment.distributeOutputBuffersToDownstream).
func (a *assigner) recoverOutputDownstream() error {
	for _, t := range a.tasks {
		if t.outputs.gates == nil {
			continue
		}
		if err := a.describeOutput(t); err != nil {
			return err
		}
		inverted := make([][][]int32, len(t.output))
		for subtask := range t.vertex.Parallelism {
			rescaled := describe(t.output, subtask) != nil
			handles := t.outputs.at(subtask)
			for h := range handles.All() {
				if err := a.deliver(t, h, rescaled, inverted); err != nil {
					return err
				}
			}
		}
		t.outputs = channelTable{}
	}
	return nil
}

// deliver gives one buffer to the new subtasks that take over its reader. To them
// the writer is a channel, and the reader the subtask that wrote the handle.
func (a *assigner) deliver(t *task, h *checkpoint.SingleChannelStateHandle, rescaled bool, inverted [][][]int32) error {
	outputs := a.job.Outputs(t.index)
	partition := int(h.Channel.Group)
	if partition < 0 || partition >= len(outputs) {
		return t.undeliverable(h)
	}
	out := outputs[partition]
	readers := t.readers(h, rescaled, inverted)
	buffer := &checkpoint.SingleChannelStateHandle{
		SubtaskIndex: h.Channel.Index,
		Channel:      checkpoint.ChannelInfo{Group: int32(out.Gate), Index: h.SubtaskIndex},
		Offsets:      h.Offsets,
		Size:         h.Size,
		Delegate:     h.Delegate,
	}
	to := a.tasks[out.To]
	if to.buffers == nil {
		to.buffers = make([][]*checkpoint.SingleChannelStateHandle, to.vertex.Parallelism)
	}
	for _, reader := range readers {
		if reader < 0 || reader >= to.vertex.Parallelism {
			// Flink addresses it to a subtask that there is not. It is lost
			// there and here, but here it is told.
			a.result.NotRestored = append(a.result.NotRestored,
				NotRestored{Operator: t.tail().op, StateBytes: h.Size, Reason: ReasonInFlight})
			continue
		}
		to.buffers[reader] = append(to.buffers[reader], buffer)
	}
	if len(readers) == 0 {
		return t.undeliverable(h)
	}
	return nil
}

// readers returns the new subtasks that take over the reader of a buffer.
func (t *task) readers(h *checkpoint.SingleChannelStateHandle, rescaled bool, inverted [][][]int32) []int32 {
	partition, reader := h.Channel.Group, h.Channel.Index
	if !rescaled || t.output[partition].connected == nil {
		return []int32{reader}
	}
	connected := t.output[partition].connected
	if connected.Identity() && reader >= 0 && reader < connected.NewSubtasks {
		return []int32{reader}
	}
	if inverted[partition] == nil {
		inverted[partition] = connected.invert()
	}
	if reader < 0 || int(reader) >= len(inverted[partition]) {
		return nil
	}
	return inverted[partition][reader]
}

func (t *task) undeliverable(h *checkpoint.SingleChannelStateHandle) error {
	return &Refusal{
		Kind:   ErrUnrescalable,
		Vertex: vertexLabel(t.vertex),
		Reason: fmt.Sprintf("nobody reads the buffer of subpartition %d of partition %d", h.Channel.Index, h.Channel.Group),
		Advice: "restore into the graph that the checkpoint was taken of",
	}
}
