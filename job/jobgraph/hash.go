package jobgraph

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job/stream"
	"github.com/twmb/murmur3"
)

// Hash returns the id of each node of a graph (Flink: StreamGraphHasherV2). That of a node
// with a uid is the uid's. That of another is made of how many nodes have their id already,
// of how many nodes may be chained behind it, and of the ids of its inputs. Errors are
// *stream.Problem.
func Hash(g *stream.Graph) ([]checkpoint.OperatorID, error) { return hash(link(g)) }

func hash(l *links) ([]checkpoint.OperatorID, error) {
	g := l.graph
	h := hasher{graph: g, chainable: l.chainable, ids: make([]checkpoint.OperatorID, len(g.Nodes)), done: make([]bool, len(g.Nodes))}
	h.owners = map[checkpoint.OperatorID]int{}
	queued := make([]bool, len(g.Nodes))
	var queue []int
	enqueue := func(n int) {
		if !queued[n] {
			queued[n] = true
			queue = append(queue, n)
		}
	}
	for n := range g.Nodes {
		if g.Nodes[n].IsSource() {
			enqueue(n)
		}
	}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		if !h.ready(n) {
			queued[n] = false // its last input will bring it back
			continue
		}
		if err := h.hash(n); err != nil {
			return nil, err
		}
		for _, e := range g.Nodes[n].Out {
			enqueue(g.Edges[e].To)
		}
	}
	return h.ids, nil
}

type hasher struct {
	graph     *stream.Graph
	chainable []bool // by edge
	ids       []checkpoint.OperatorID
	done      []bool
	count     int // of nodes that are done
	owners    map[checkpoint.OperatorID]int
}

// ready tells whether all that the id of a node is made of is there.
func (h *hasher) ready(n int) bool {
	if h.graph.Nodes[n].UID != "" {
		return true
	}
	for _, e := range h.graph.Nodes[n].In {
		if !h.done[h.graph.Edges[e].From] {
			return false
		}
	}
	return true
}

func (h *hasher) hash(n int) error {
	node := &h.graph.Nodes[n]
	if node.UID == "" {
		h.ids[n] = h.structural(n)
	} else {
		h.ids[n] = checkpoint.OperatorIDFromUID(node.UID)
		if other, twice := h.owners[h.ids[n]]; twice {
			return &stream.Problem{Operator: node.Name,
				Reason: fmt.Sprintf("has the uid %q of %s; a uid must be unique in a job", node.UID, h.graph.Nodes[other].Name)}
		}
	}
	h.owners[h.ids[n]] = n
	h.done[n] = true
	h.count++
	return nil
}

func (h *hasher) structural(n int) checkpoint.OperatorID {
	sum := murmur3.New128()
	count := []byte{byte(h.count), byte(h.count >> 8), byte(h.count >> 16), byte(h.count >> 24)}
	sum.Write(count)
	for _, e := range h.graph.Nodes[n].Out {
		if h.chainable[e] {
			sum.Write(count) // the same again: it stands for a node whose number is not known yet
		}
	}
	id := littleEndian(sum.Sum128())
	for _, e := range h.graph.Nodes[n].In {
		for i, b := range h.ids[h.graph.Edges[e].From] {
			id[i] = id[i]*37 ^ b
		}
	}
	return id
}

func littleEndian(h1, h2 uint64) (id checkpoint.OperatorID) {
	for i := range 8 {
		id[i], id[8+i] = byte(h1>>(8*i)), byte(h2>>(8*i))
	}
	return id
}
