package restore

import (
	"fmt"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

// findChannels takes apart the in-flight data of the task's operators.
func (t *task) findChannels() error {
	for i := range t.states {
		if err := t.states[i].findChannels(); err != nil {
			return err
		}
	}
	t.inputGates = groupsOf(t.head().in)
	t.outputParts = groupsOf(t.tail().out)
	return nil
}

func (o *operatorTask) findChannels() (err error) {
	for i, s := range o.old {
		if s == nil || s.Channels == nil {
			continue
		}
		if err = o.unmerge(&o.in, i, s.Channels.Input); err == nil {
			err = o.unmerge(&o.out, i, s.Channels.ResultSubpartition)
		}
		if err != nil {
			return &Refusal{Kind: ErrInconsistent, Operator: o.op.ID, Reason: err.Error()}
		}
	}
	return nil
}

func (o *operatorTask) unmerge(to *[][]*checkpoint.SingleChannelStateHandle, subtask int, handles []checkpoint.ChannelStateHandle) error {
	if len(handles) == 0 {
		return nil
	}
	if *to == nil {
		*to = make([][]*checkpoint.SingleChannelStateHandle, len(o.old))
	}
	singles, err := unmerge(handles)
	(*to)[subtask] = singles
	return err
}

func groupsOf(old [][]*checkpoint.SingleChannelStateHandle) map[int]bool {
	var groups map[int]bool
	for _, handles := range old {
		for _, h := range handles {
			if groups == nil {
				groups = map[int]bool{}
			}
			groups[int(h.Channel.Group)] = true
		}
	}
	return groups
}

// upstreamOutput reports whether a producer of the task has data in flight.
func (a *assigner) upstreamOutput(t *task) bool {
	for i := range t.vertex.Inputs {
		if len(a.tasks[t.vertex.Inputs[i].From].outputParts) > 0 {
			return true
		}
	}
	return false
}

// downstreamInput reports whether a consumer of the task has data in flight.
func (a *assigner) downstreamInput(t *task) bool {
	for _, out := range a.job.Outputs(t.index) {
		if len(a.tasks[out.To].inputGates) > 0 {
			return true
		}
	}
	return false
}

// inFlightInput reports whether data was in flight over a gate, on either side.
func (a *assigner) inFlightInput(t *task, gate int) bool {
	in := &t.vertex.Inputs[gate]
	return t.inputGates[gate] || a.tasks[in.From].outputParts[in.Output]
}

// inFlightOutput reports whether data was in flight over a partition.
func (a *assigner) inFlightOutput(t *task, partition int) bool {
	out := a.job.Outputs(t.index)[partition]
	return t.outputParts[partition] || a.tasks[out.To].inputGates[out.Gate]
}

// distributeInput gives the data that was in flight before the task to its new
// subtasks (Flink: reDistributeInputChannelStates).
func (a *assigner) distributeInput(t *task) error {
	if len(t.inputGates) == 0 && !a.upstreamOutput(t) {
		a.leaveInFlight(t, t.states[1:], func(o *operatorTask) [][]*checkpoint.SingleChannelStateHandle { return o.in })
		return nil
	}
	if err := t.refuseChained(t.states[1:], func(o *operatorTask) [][]*checkpoint.SingleChannelStateHandle { return o.in }); err != nil {
		return err
	}
	if t.oldParallelism(t.head()) == t.vertex.Parallelism && !a.refilter(t) {
		t.inputs = keepChannels(t.head().in)
		return nil
	}
	for gate := range t.vertex.Inputs {
		if !a.inFlightInput(t, gate) {
			continue
		}
		mapping, err := a.inputMapping(t, gate)
		if err != nil {
			return err
		}
		t.inputs.add(t.head().in, gate, len(t.vertex.Inputs), mapping)
	}
	return nil
}

// refilter reports whether input has to be given to all subtasks again although
// there are as many as before: those of a FULL mapper read what is theirs from
// all data of producers that changed (FLINK-35351).
func (a *assigner) refilter(t *task) bool {
	full, changed := false, false
	for i := range t.vertex.Inputs {
		in := &t.vertex.Inputs[i]
		full = full || in.Downstream == job.Full
		changed = changed || t.oldParallelism(t.head()) != a.job.Vertex(in.From).Parallelism
	}
	return full && changed
}

// distributeOutput gives the data that was in flight behind the task to its new
// subtasks (Flink: reDistributeResultSubpartitionStates).
func (a *assigner) distributeOutput(t *task) error {
	others := t.states[:len(t.states)-1]
	if len(t.outputParts) == 0 && !a.downstreamInput(t) {
		a.leaveInFlight(t, others, func(o *operatorTask) [][]*checkpoint.SingleChannelStateHandle { return o.out })
		return nil
	}
	if err := t.refuseChained(others, func(o *operatorTask) [][]*checkpoint.SingleChannelStateHandle { return o.out }); err != nil {
		return err
	}
	if t.oldParallelism(t.tail()) == t.vertex.Parallelism {
		t.outputs = keepChannels(t.tail().out)
		return nil
	}
	outputs := a.job.Outputs(t.index)
	for partition := range outputs {
		if !a.inFlightOutput(t, partition) {
			continue
		}
		mapping, err := a.outputMapping(t, partition)
		if err != nil {
			return err
		}
		t.outputs.add(t.tail().out, partition, len(outputs), mapping)
	}
	return nil
}

func keepChannels(old [][]*checkpoint.SingleChannelStateHandle) channelTable {
	if old == nil {
		return channelTable{}
	}
	return channelTable{gates: []channelColumn{old}}
}

func (t *channelTable) add(old [][]*checkpoint.SingleChannelStateHandle, gate, gates int, m *Mapping) {
	if old == nil {
		return
	}
	if gates == 1 {
		gate = -1 // whatever they say, all channels are of this gate
	}
	f := flatten(old, gate)
	t.gates = append(t.gates, f.remap(m))
}

// refuseChained refuses data in flight between operators that are now chained.
func (t *task) refuseChained(inner []operatorTask, channels func(*operatorTask) [][]*checkpoint.SingleChannelStateHandle) error {
	var ids []string
	for i := range inner {
		if hasOffsets(channels(&inner[i])) {
			ids = append(ids, inner[i].op.ID.String())
		}
	}
	if ids == nil {
		return nil
	}
	return &Refusal{
		Kind:   ErrChained,
		Vertex: vertexLabel(t.vertex),
		Reason: fmt.Sprintf("the unaligned checkpoint has in-flight data of %s inside the chain", strings.Join(ids, ", ")),
		Advice: "keep the chaining of the job that took the checkpoint, or take an aligned one or a savepoint",
	}
}

func hasOffsets(old [][]*checkpoint.SingleChannelStateHandle) bool {
	for _, handles := range old {
		for _, h := range handles {
			if len(h.Offsets) > 0 {
				return true
			}
		}
	}
	return false
}

// leaveInFlight reports data in flight inside a chain whose ends have none. Flink
// does not look at it then, and restores without it; so does this, but says so.
func (a *assigner) leaveInFlight(_ *task, inner []operatorTask, channels func(*operatorTask) [][]*checkpoint.SingleChannelStateHandle) {
	for i := range inner {
		bytes := int64(0)
		for _, handles := range channels(&inner[i]) {
			for _, h := range handles {
				bytes += h.Size
			}
		}
		if hasOffsets(channels(&inner[i])) {
			a.result.NotRestored = append(a.result.NotRestored,
				NotRestored{Operator: inner[i].op, StateBytes: bytes, Reason: ReasonInFlight})
		}
	}
}
