package random

import "github.com/cairnstate/cairn/checkpoint"

func (g *Generator) operatorHandle(probability float64, position string) checkpoint.OperatorStateHandle {
	if !g.chance(probability) {
		return nil
	}
	if !g.words.segments() || g.chance(0.5) {
		g.hit(position + ": stream")
		return &checkpoint.OperatorStreamStateHandle{States: g.partitions(), Delegate: g.stream("operator state")}
	}
	h := &checkpoint.FileMergingOperatorStreamStateHandle{
		States: g.partitions(), TaskOwnedDir: g.path(), SharedDir: g.path(), Delegate: g.segment(),
	}
	if g.chance(0.3) {
		h.States, h.Empty, h.Delegate = nil, true, &checkpoint.EmptySegmentFileStateHandle{}
		g.hit(position + ": file merging, empty")
		return h
	}
	g.hit(position + ": file merging")
	return h
}

// partitions of a canonical handle are one at most: two names come out of
// Java's hash map in an order that only Java knows.
func (g *Generator) partitions() []checkpoint.OperatorStatePartitions {
	limit := 4
	if g.Canonical {
		limit = 1
	}
	var states []checkpoint.OperatorStatePartitions
	seen := map[string]bool{}
	for range g.upTo(limit) {
		name := g.text()
		if seen[name] {
			continue
		}
		seen[name] = true
		mode := pick(g, []checkpoint.OperatorStateMode{checkpoint.SplitDistribute, checkpoint.Union, checkpoint.Broadcast})
		g.hit("mode: " + mode.String())
		states = append(states, checkpoint.OperatorStatePartitions{Name: name, Mode: mode, Offsets: g.longs(g.upTo(4))})
	}
	return states
}
