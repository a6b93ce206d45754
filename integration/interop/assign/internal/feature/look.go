package feature

import (
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/internal/verdict"
	"github.com/cairnstate/cairn/job"
)

// look is a pair, laid out to be asked about.
type look struct {
	*verdict.Case
	assigned bool
	known    map[checkpoint.OperatorID]bool // by the job, under either id
	states   map[checkpoint.OperatorID]*checkpoint.OperatorState
	restores []restored
}

// restored is an operator of the job with what it restores.
type restored struct {
	vertex   *job.Vertex
	index    int
	position int
	op       *job.Operator
	state    *checkpoint.OperatorState // nil if it has none
}

func newLook(c *verdict.Case, lines []string) *look {
	l := &look{
		Case:     c,
		assigned: len(lines) != 1 || lines[0][0] != 'r', // of refused
		known:    map[checkpoint.OperatorID]bool{},
		states:   map[checkpoint.OperatorID]*checkpoint.OperatorState{},
	}
	for i := range c.Checkpoint.Operators {
		l.states[c.Checkpoint.Operators[i].ID] = &c.Checkpoint.Operators[i]
	}
	for v := range c.Vertices {
		for k := range c.Vertices[v].Operators {
			l.add(v, k)
		}
	}
	return l
}

func (l *look) add(v, k int) {
	vertex := &l.Vertices[v]
	op := &vertex.Operators[k]
	l.known[op.ID] = true
	state := l.states[op.ID]
	if op.UserDefined != nil {
		l.known[*op.UserDefined] = true
		if s := l.states[*op.UserDefined]; s != nil {
			state = s
		}
	}
	l.restores = append(l.restores, restored{vertex, v, k, op, state})
}

// any reports whether it is true of any operator that restores something.
func (l *look) any(is func(r restored) bool) bool {
	return slices.ContainsFunc(l.restores, func(r restored) bool { return r.state != nil && is(r) })
}

// anyEdge reports whether it is true of any edge with data in flight on a side.
func (l *look) anyEdge(is func(e edge) bool) bool {
	for v := range l.Vertices {
		for gate := range l.Vertices[v].Inputs {
			in := &l.Vertices[v].Inputs[gate]
			e := edge{in: in, from: l.end(in.From, true), to: l.end(v, false)}
			e.before, e.behind = e.from.inFlight(int32(in.Output), true), e.to.inFlight(int32(gate), false)
			if (e.before || e.behind) && is(e) {
				return true
			}
		}
	}
	return false
}

// edge is an exchange with data in flight: before it in the producer's output
// buffers, behind it in the consumer's channels, or both.
type edge struct {
	in             *job.Input
	from, to       restored
	before, behind bool
}

func (r restored) rescaled() bool {
	return r.state != nil && r.state.Parallelism != r.vertex.Parallelism
}

// end is the tail of a vertex or its head.
func (l *look) end(vertex int, tail bool) (end restored) {
	for _, r := range l.restores {
		if r.index == vertex && (tail || r.position == 0) {
			end = r
		}
	}
	return end
}

func (r restored) inFlight(group int32, output bool) bool {
	return r.anyState(func(s *checkpoint.OperatorSubtaskState) bool {
		if s.Channels == nil {
			return false
		}
		handles := s.Channels.Input
		if output {
			handles = s.Channels.ResultSubpartition
		}
		return slices.ContainsFunc(handles, func(h checkpoint.ChannelStateHandle) bool { return groupOf(h) == group })
	})
}

// groupOf returns the gate of a handle; of a merged one that of its first channel,
// and all are of the same here.
func groupOf(h checkpoint.ChannelStateHandle) int32 {
	switch h := h.(type) {
	case *checkpoint.SingleChannelStateHandle:
		return h.Channel.Group
	case *checkpoint.MergedChannelStateHandle:
		if channels, err := h.Channels(); err == nil && len(channels) > 0 {
			return channels[0].Channel.Group
		}
	}
	return -1
}

func (r restored) anyState(is func(*checkpoint.OperatorSubtaskState) bool) bool {
	return r.state != nil && slices.ContainsFunc(r.state.Subtasks, func(s checkpoint.SubtaskState) bool {
		return s.State != nil && is(s.State)
	})
}
