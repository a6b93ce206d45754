package jobgraph

import (
	"maps"
	"slices"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job/stream"
)

// chaining is a job graph while it is made.
type chaining struct {
	from    *stream.Graph
	links   *links
	ids     []checkpoint.OperatorID
	graph   *Graph
	chains  map[int]*chain // by head
	names   []string       // by node: its name and those chained behind it
	vertex  map[int]int    // by head: index of the vertex
	leaving [][]int        // by vertex: the edges that leave the chain, in Flink's order
}

// chain is a chain while it is made.
type chain struct {
	head      int
	sources   map[int]bool // that were chained into the head
	operators []Operator
}

func newChaining(l *links, ids []checkpoint.OperatorID) *chaining {
	return &chaining{
		from: l.graph, links: l, ids: ids, graph: &Graph{},
		chains: map[int]*chain{}, names: make([]string, len(l.graph.Nodes)), vertex: map[int]int{},
	}
}

// chainAll makes all chains: from each source, or from what a source is chained into, and
// from whatever an edge leads to that leaves a chain.
func (c *chaining) chainAll() {
	for n := range c.from.Nodes {
		node := &c.from.Nodes[n]
		switch {
		case !node.IsSource():
		case c.links.source(n):
			c.chainAt(c.from.Edges[node.Out[0]].To).sources[n] = true
		default:
			c.chainAt(n)
		}
	}
	for _, head := range slices.Sorted(maps.Keys(c.chains)) {
		c.walk(head, c.chains[head])
	}
}

func (c *chaining) chainAt(head int) *chain {
	if c.chains[head] == nil {
		c.chains[head] = &chain{head: head, sources: map[int]bool{}}
	}
	return c.chains[head]
}

// walk adds a node, and all that can be chained behind it, to a chain, and makes the chains
// that begin where it ends. It returns the edges that leave the chain behind the node.
func (c *chaining) walk(n int, in *chain) (leaving []int) {
	if _, made := c.vertex[in.head]; made {
		return nil
	}
	var inside, outside []int
	for _, e := range c.from.Nodes[n].Out {
		if c.links.chainable[e] {
			inside = append(inside, e)
		} else {
			outside = append(outside, e)
		}
	}
	for _, e := range inside {
		leaving = append(leaving, c.walk(c.from.Edges[e].To, in)...)
	}
	for _, e := range outside {
		leaving = append(leaving, e)
		to := c.from.Edges[e].To
		c.walk(to, c.chainAt(to))
	}
	c.join(n, in, inside)
	if n == in.head {
		c.finish(in, leaving)
	}
	return leaving
}

// join adds a node to a chain, behind which all its followers are already.
func (c *chaining) join(n int, in *chain, inside []int) {
	node := &c.from.Nodes[n]
	in.operators = append(in.operators, Operator{ID: c.ids[n], UserDefined: node.UIDHash, Name: node.Name, UID: node.UID})
	name := node.Name + c.sourceNames(n)
	behind := make([]string, len(inside))
	for i, e := range inside {
		behind[i] = c.names[c.from.Edges[e].To]
	}
	switch len(behind) {
	case 0:
	case 1:
		name += " -> " + behind[0]
	default:
		name += " -> (" + strings.Join(behind, ", ") + ")"
	}
	c.names[n] = name
}

// sourceNames returns what the name of a head says of the sources that are chained into it.
func (c *chaining) sourceNames(n int) string {
	in := c.chains[n]
	if in == nil || len(in.sources) == 0 {
		return ""
	}
	var names []string
	for _, e := range c.from.Nodes[n].In {
		if source := c.from.Edges[e].From; in.sources[source] {
			names = append(names, c.from.Nodes[source].Name)
		}
	}
	return " [" + strings.Join(names, ", ") + "]"
}

func (c *chaining) finish(in *chain, leaving []int) {
	head := &c.from.Nodes[in.head]
	c.vertex[in.head] = len(c.graph.Vertices)
	c.leaving = append(c.leaving, leaving)
	c.graph.Vertices = append(c.graph.Vertices, Vertex{
		ID: checkpoint.JobVertexID(c.ids[in.head]), Name: c.names[in.head],
		Parallelism: head.Parallelism, MaxParallelism: head.MaxParallelism,
		SlotSharingGroup: head.SlotSharingGroup, Operators: in.operators,
	})
}
