package restore

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

// inputMapping returns how the head's subtasks were mapped as readers of a gate.
// It is made when first asked for, and that it was made is what tells connect
// that something was rescaled.
func (a *assigner) inputMapping(t *task, gate int) (*Mapping, error) {
	known := &t.inputMappings[gate]
	if *known != nil {
		return *known, nil
	}
	in := &t.vertex.Inputs[gate]
	mapping, err := a.mapping(in, in.Downstream, t.oldParallelism(t.head()), t.vertex.Parallelism)
	*known = mapping
	return mapping, err
}

// outputMapping returns how the tail's subtasks were mapped as writers of a
// partition.
func (a *assigner) outputMapping(t *task, partition int) (*Mapping, error) {
	known := &t.outputMappings[partition]
	if *known != nil {
		return *known, nil
	}
	out := a.job.Outputs(t.index)[partition]
	in := &a.job.Vertex(out.To).Inputs[out.Gate]
	mapping, err := a.mapping(in, in.Upstream, t.oldParallelism(t.tail()), t.vertex.Parallelism)
	*known = mapping
	return mapping, err
}

func (a *assigner) mapping(in *job.Input, mapper job.SubtaskStateMapper, oldSubtasks, newSubtasks int32) (*Mapping, error) {
	if mapper == job.Unsupported {
		return nil, &Refusal{
			Kind:   ErrUnrescalable,
			Vertex: vertexLabel(a.job.Vertex(in.From)),
			Reason: fmt.Sprintf("data was in flight on its %s output, and the number of subtasks goes from %d to %d",
				in.Pattern, oldSubtasks, newSubtasks),
			Advice: "restore at the old parallelism, or from an aligned checkpoint or a savepoint; " +
				"a forward, rescale or broadcast exchange cannot be rescaled, a shuffle can",
		}
	}
	return newMapping(mapper, oldSubtasks, newSubtasks), nil
}

// connect tells the subtasks how their channels changed, once all is known.
func (a *assigner) connect([]checkpoint.OperatorState) error {
	if a.opts.RecoverOutputDownstream {
		if err := a.recoverOutputDownstream(); err != nil {
			return err
		}
	}
	for _, t := range a.tasks {
		if !t.restored || t.finished {
			continue
		}
		if err := a.describeInput(t); err != nil {
			return err
		}
		if err := a.describeOutput(t); err != nil {
			return err
		}
	}
	return nil
}

// describeInput pairs the mappings of both ends of each gate. If none is known,
// nothing was rescaled. If any is, all gates with data in flight have theirs made.
func (a *assigner) describeInput(t *task) error {
	rescaled := false
	for gate := range t.vertex.Inputs {
		from, partition := a.producer(t, gate)
		rescaled = rescaled || t.inputMappings[gate] != nil || from.outputMappings[partition] != nil
	}
	if !rescaled {
		return nil
	}
	t.input = make([]gateMappings, len(t.vertex.Inputs))
	for gate := range t.vertex.Inputs {
		if !a.inFlightInput(t, gate) {
			continue
		}
		from, partition := a.producer(t, gate)
		if err := t.input[gate].set(func() (*Mapping, error) { return a.outputMapping(from, partition) },
			func() (*Mapping, error) { return a.inputMapping(t, gate) }); err != nil {
			return err
		}
	}
	return nil
}

// describeOutput does for partitions what describeInput does for gates.
func (a *assigner) describeOutput(t *task) error {
	outputs := a.job.Outputs(t.index)
	if t.output != nil {
		return nil
	}
	rescaled := false
	for partition := range outputs {
		to, gate := a.consumer(t, partition)
		rescaled = rescaled || t.outputMappings[partition] != nil || to.inputMappings[gate] != nil
	}
	if !rescaled {
		return nil
	}
	t.output = make([]gateMappings, len(outputs))
	for partition := range outputs {
		if !a.inFlightOutput(t, partition) {
			continue
		}
		to, gate := a.consumer(t, partition)
		if err := t.output[partition].set(func() (*Mapping, error) { return a.inputMapping(to, gate) },
			func() (*Mapping, error) { return a.outputMapping(t, partition) }); err != nil {
			return err
		}
	}
	return nil
}

func (g *gateMappings) set(connected, own func() (*Mapping, error)) (err error) {
	if g.connected, err = connected(); err != nil {
		return err
	}
	g.own, err = own()
	return err
}
