package restore

import "github.com/cairnstate/cairn/job"

// distributeInput gives the data that was in flight before the task to its new
// subtasks (Flink: reDistributeInputChannelStates).
func (a *assigner) distributeInput(t *task) error {
	if len(t.inputGates) == 0 && !a.upstreamOutput(t) {
		a.leaveInFlight(t.states[1:], inputOf)
		return nil
	}
	if err := t.refuseChained(t.states[1:], inputOf); err != nil {
		return err
	}
	if t.oldParallelism(t.head()) == t.vertex.Parallelism && !a.refilter(t) {
		t.inputs = keepChannels(t.head().in)
		return nil
	}
	if err := a.refuseUnknown(t, t.head(), t.inputGates); err != nil {
		return err
	}
	a.leaveGates(t.head().op, t.head().in, len(t.vertex.Inputs))
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
		a.leaveInFlight(others, outputOf)
		return nil
	}
	if err := t.refuseChained(others, outputOf); err != nil {
		return err
	}
	if t.oldParallelism(t.tail()) == t.vertex.Parallelism {
		t.outputs = keepChannels(t.tail().out)
		return nil
	}
	outputs := a.job.Outputs(t.index)
	if err := a.refuseUnknown(t, t.tail(), t.outputParts); err != nil {
		return err
	}
	a.leaveGates(t.tail().op, t.tail().out, len(outputs))
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

func keepChannels(old perSubtask) channelTable {
	if old == nil {
		return channelTable{}
	}
	return channelTable{gates: []channelColumn{old}}
}

func (t *channelTable) add(old perSubtask, gate, gates int, m *Mapping) {
	if old == nil {
		return
	}
	if gates == 1 {
		gate = -1 // whatever they say, all channels are of this gate
	}
	f := flatten(old, gate)
	t.gates = append(t.gates, f.remap(m))
}
