package restore

import "slices"

// RescalingDescriptor tells a task how channels changed since its in-flight data
// was written, by input gate or result partition (Flink:
// InflightDataRescalingDescriptor). It is nil if nothing changed (NO_RESCALE).
type RescalingDescriptor []GateRescaling

// GateRescaling is the change of one gate or partition.
type GateRescaling struct {
	// NoState says that there is no in-flight data here, and nothing to do.
	NoState bool

	// OldSubtasks are those whose data this subtask takes over.
	OldSubtasks Indexes

	// Channels maps the subtasks of the connected vertex, new to old. A new
	// channel is as many virtual ones as there are pairs of an old subtask of
	// this side and one of that side.
	Channels *Mapping

	// Ambiguous are the old subtasks of the gate whose data other new subtasks
	// get too, so that it has to be filtered. It is shared.
	Ambiguous []int32

	// Identity says that the data can be taken as it is.
	Identity bool
}

// IsAmbiguous reports whether the data of an old subtask has to be filtered.
func (g *GateRescaling) IsAmbiguous(oldSubtask int32) bool {
	_, found := slices.BinarySearch(g.Ambiguous, oldSubtask)
	return found
}

// gateMappings are the mappings of the two sides of a gate or partition; both
// nil if it has no in-flight data.
type gateMappings struct {
	own, connected *Mapping
}

// describe makes the descriptor of one subtask (Flink:
// TaskStateAssignment.createRescalingDescriptor).
func describe(gates []gateMappings, subtask int32) RescalingDescriptor {
	changed := false
	for _, gate := range gates {
		changed = changed || !gate.identity(subtask)
	}
	if !changed {
		return nil
	}
	descriptor := make(RescalingDescriptor, len(gates))
	for i, gate := range gates {
		descriptor[i] = gate.describe(subtask)
	}
	return descriptor
}

func (g gateMappings) identity(subtask int32) bool {
	return g.own == nil || g.own.Identity() && g.connected.Identity() || g.own.Old(subtask).Count == 0
}

func (g gateMappings) describe(subtask int32) GateRescaling {
	if g.own == nil {
		return GateRescaling{NoState: true, Identity: true}
	}
	return GateRescaling{
		OldSubtasks: g.own.Old(subtask),
		Channels:    g.connected,
		Ambiguous:   g.own.ambiguous,
		Identity:    g.identity(subtask),
	}
}
