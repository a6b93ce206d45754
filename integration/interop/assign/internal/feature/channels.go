package feature

import (
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

// channelFeatures is each mapper on each side of an edge, and what is special.
func channelFeatures() (all []feature) {
	for mapper := job.Arbitrary; mapper <= job.Unsupported; mapper++ {
		all = append(all,
			feature{"in flight, downstream " + mapper.String() + ", rescaled", func(l *look) bool {
				return l.anyEdge(func(e edge) bool { return e.in.Downstream == mapper && e.behind && e.to.rescaled() })
			}},
			feature{"in flight, upstream " + mapper.String() + ", rescaled", func(l *look) bool {
				return l.anyEdge(func(e edge) bool { return e.in.Upstream == mapper && e.before && e.from.rescaled() })
			}},
		)
	}
	rescalings := []struct {
		name     string
		from, to bool
	}{{"neither side", false, false}, {"the producer", true, false}, {"the consumer", false, true}, {"both sides", true, true}}
	for _, r := range rescalings {
		all = append(all, feature{"in flight, rescaled " + r.name, func(l *look) bool {
			return l.assigned && l.anyEdge(func(e edge) bool { return e.from.rescaled() == r.from && e.to.rescaled() == r.to })
		}})
	}
	return append(all, specialChannels...)
}

var specialChannels = []feature{
	{"in flight over several gates of a vertex", func(l *look) bool {
		return l.assigned && l.anyEdge(func(e edge) bool {
			return e.behind && slices.ContainsFunc(otherGates(e), func(gate int32) bool { return e.to.inFlight(gate, false) })
		})
	}},
	{"in flight over both of two edges between the same vertices", func(l *look) bool {
		return l.assigned && l.anyEdge(func(e edge) bool {
			same := 0
			for _, in := range e.to.vertex.Inputs {
				if in.From == e.in.From {
					same++
				}
			}
			return same > 1
		})
	}},
	{"in flight to a stateless vertex", func(l *look) bool {
		return l.assigned && l.anyEdge(func(e edge) bool { return e.before && e.to.state == nil })
	}},
	{"in flight from a stateless vertex", func(l *look) bool {
		return l.assigned && l.anyEdge(func(e edge) bool { return e.behind && e.from.state == nil })
	}},
	{"output recovered downstream, rescaled", func(l *look) bool {
		return l.assigned && l.RecoverOutputDownstream && l.anyEdge(func(e edge) bool { return e.before && (e.from.rescaled() || e.to.rescaled()) })
	}},
	{"output recovered downstream, not rescaled", func(l *look) bool {
		return l.assigned && l.RecoverOutputDownstream && l.anyEdge(func(e edge) bool { return e.before && !e.from.rescaled() && !e.to.rescaled() })
	}},
	{"merged channels", func(l *look) bool {
		return l.assigned && l.any(func(r restored) bool {
			return r.anyState(func(s *checkpoint.OperatorSubtaskState) bool {
				return s.Channels != nil && slices.ContainsFunc(s.Channels.Input, isMerged)
			})
		})
	}},
	{"in flight inside a chain", func(l *look) bool {
		return l.any(func(r restored) bool {
			return r.position > 0 && r.anyState(func(s *checkpoint.OperatorSubtaskState) bool {
				return s.Channels != nil && len(s.Channels.Input) > 0
			})
		})
	}},
	{"in flight over a gate that is gone", func(l *look) bool {
		return l.assigned && l.any(func(r restored) bool { return r.position == 0 && r.inFlight(int32(len(r.vertex.Inputs)), false) })
	}},
}

func isMerged(h checkpoint.ChannelStateHandle) bool {
	_, merged := h.(*checkpoint.MergedChannelStateHandle)
	return merged
}

// otherGates are those of the consumer but the edge's own.
func otherGates(e edge) (gates []int32) {
	for gate := range e.to.vertex.Inputs {
		if &e.to.vertex.Inputs[gate] != e.in {
			gates = append(gates, int32(gate))
		}
	}
	return gates
}
