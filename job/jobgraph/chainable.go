package jobgraph

import "github.com/cairnstate/cairn/job/stream"

// links knows which edges of a graph chain their ends.
type links struct {
	graph     *stream.Graph
	chainable []bool // by edge
	heads     []int  // by node: the first of its chain
}

// link looks at each node after those before it, whose heads are known then.
func link(g *stream.Graph) *links {
	l := &links{graph: g, chainable: make([]bool, len(g.Edges)), heads: make([]int, len(g.Nodes))}
	for n := range g.Nodes {
		l.heads[n] = n
		if in := g.Nodes[n].In; len(in) == 1 && l.together(in[0]) {
			l.chainable[in[0]] = true
			l.heads[n] = l.heads[g.Edges[in[0]].From]
		}
	}
	return l
}

// source tells whether a source may become part of its one consumer, which may have
// other inputs besides.
func (l *links) source(n int) bool {
	node := &l.graph.Nodes[n]
	if node.Kind != stream.Source || len(node.Out) != 1 {
		return false
	}
	consumer := &l.graph.Nodes[l.graph.Edges[node.Out[0]].To]
	return consumer.Chaining == stream.ChainHeadWithSources && l.together(node.Out[0])
}

// together tells whether nothing keeps the two operators of an edge apart.
func (l *links) together(edge int) bool {
	g := l.graph
	e := &g.Edges[edge]
	from, to := &g.Nodes[e.From], &g.Nodes[e.To]
	return g.Chaining &&
		from.SlotSharingGroup == to.SlotSharingGroup &&
		from.Parallelism == to.Parallelism &&
		(g.ChainDifferentMaxParallelism || from.MaxParallelism == to.MaxParallelism) &&
		e.Partitioner.Name == "forward" &&
		willing(from, to) &&
		l.mayYield(e) &&
		aloneAtInput(g, edge)
}

// mayYield tells whether the consumer of an edge may run mails on the thread of its
// task, if it does: a legacy source never gives that thread back.
func (l *links) mayYield(e *stream.Edge) bool {
	return !l.graph.Nodes[e.To].Yielding || l.graph.Nodes[l.heads[e.From]].Kind != stream.LegacySource
}

func willing(from, to *stream.Node) bool {
	if from.Chaining == stream.ChainNever {
		return false
	}
	switch to.Chaining {
	case stream.ChainAlways:
		return true
	case stream.ChainHeadWithSources:
		return from.Kind == stream.Source
	}
	return false
}

// aloneAtInput tells whether no other edge arrives at the same input: a union goes through
// the network.
func aloneAtInput(g *stream.Graph, edge int) bool {
	for _, other := range g.Nodes[g.Edges[edge].To].In {
		if other != edge && g.Edges[other].Input == g.Edges[edge].Input {
			return false
		}
	}
	return true
}
