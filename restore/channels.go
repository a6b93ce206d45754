package restore

import (
	"github.com/cairnstate/cairn/checkpoint"
)

// perSubtask is in-flight data by old subtask; nil if there is none at all.
type perSubtask = [][]*checkpoint.SingleChannelStateHandle

type channelKind func(*operatorTask) perSubtask

func inputOf(o *operatorTask) perSubtask  { return o.in }
func outputOf(o *operatorTask) perSubtask { return o.out }

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

func (o *operatorTask) unmerge(to *perSubtask, subtask int, handles []checkpoint.ChannelStateHandle) error {
	if len(handles) == 0 {
		return nil
	}
	if *to == nil {
		*to = make(perSubtask, len(o.old))
	}
	singles, err := unmerge(handles)
	(*to)[subtask] = singles
	return err
}

func groupsOf(old perSubtask) map[int]bool {
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
