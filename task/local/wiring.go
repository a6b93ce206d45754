package local

import (
	"errors"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/plan"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/job/jobgraph"
	"github.com/cairnstate/cairn/job/stream"
	"github.com/cairnstate/cairn/task/program"
)

// wiring says what a subtask of each vertex is made of, and who sends records to whom.
type wiring struct {
	vertices []vertex // as in the job
	edges    []edge
}

// vertex is a chain: the operators of a subtask, each before those that it sends to.
type vertex struct {
	id        checkpoint.JobVertexID
	operators []operator
	inputs    []int // edges into the head
}

type operator struct {
	id       checkpoint.OperatorID
	name     string
	node     *program.Node
	chained  []int // operators of the same chain
	outputs  []int // edges
	isSource bool
}

// edge leads from the subtasks of one vertex to those of another.
type edge struct {
	from, to    int // vertices
	partitioner job.Partitioner
	hash        func(record any) int32 // of records that go by key
}

// wire finds for each operator of the program the vertex that it was chained into.
func wire(p *program.Program, graph *stream.Graph, deployed *jobgraph.Graph) (*wiring, error) {
	w := &wiring{vertices: make([]vertex, len(deployed.Vertices))}
	vertexOf := make(map[checkpoint.OperatorID]int)
	for i := range deployed.Vertices {
		w.vertices[i].id = deployed.Vertices[i].ID
		for _, op := range deployed.Vertices[i].Operators {
			vertexOf[op.ID] = i
		}
	}
	at := make([]place, len(graph.Nodes))
	for i := range graph.Nodes {
		n := &graph.Nodes[i]
		id := checkpoint.OperatorIDFromUID(n.UID)
		at[i].vertex = vertexOf[id]
		v := &w.vertices[at[i].vertex]
		at[i].operator = len(v.operators)
		v.operators = append(v.operators, operator{id: id, name: n.Name, node: p.Node(n.UID), isSource: n.IsSource()})
	}
	var problems []error
	for i := range graph.Edges {
		problems = append(problems, w.connect(graph, &graph.Edges[i], at))
	}
	return w, errors.Join(problems...)
}

// place is where an operator of the stream graph has come to be.
type place struct{ vertex, operator int }

func (w *wiring) connect(graph *stream.Graph, e *stream.Edge, at []place) error {
	from, to := at[e.From], at[e.To]
	producer := &w.vertices[from.vertex].operators[from.operator]
	if from.vertex == to.vertex {
		producer.chained = append(producer.chained, to.operator)
		return nil
	}
	out := edge{from: from.vertex, to: to.vertex, partitioner: e.Partitioner}
	if out.partitioner.Name == "hash" {
		out.hash = w.vertices[to.vertex].operators[to.operator].node.Hash
	}
	if reason := out.refused(e); reason != "" {
		return &stream.Problem{Operator: graph.Nodes[e.To].Name, Reason: reason}
	}
	producer.outputs = append(producer.outputs, len(w.edges))
	w.vertices[to.vertex].inputs = append(w.vertices[to.vertex].inputs, len(w.edges))
	w.edges = append(w.edges, out)
	return nil
}

// refused says why an edge cannot be had here; empty if it can.
func (e *edge) refused(of *stream.Edge) string {
	switch name := e.partitioner.Name; {
	case name == "hash" && e.hash == nil:
		return "reads a keyed stream without a key; key it by program.KeyBy"
	case name == "custom" || name == "sql":
		return fmt.Sprintf("is partitioned by %q, which package local has no function for", name)
	case of.SideOutput != "":
		return "reads a side output, which package local does not have"
	}
	return ""
}

// producers returns the first and the last subtask that a subtask of the consumer reads.
func (e *edge) producers(j *job.Job, consumer int32) (first, last int32) {
	if e.partitioner.Pattern == job.AllToAll {
		return 0, j.Vertex(e.from).Parallelism - 1
	}
	a, b := plan.Feeders(int(consumer), int(j.Vertex(e.from).Parallelism), int(j.Vertex(e.to).Parallelism))
	return int32(a), int32(b)
}

// channel returns which channel of the consumer's gate a producer has, over an edge; -1
// if they are not connected.
func (w *wiring) channel(j *job.Job, over int, producer, consumer int32) int {
	channel := 0
	for _, input := range w.vertices[w.edges[over].to].inputs {
		first, last := w.edges[input].producers(j, consumer)
		if input == over {
			if producer < first || producer > last {
				return -1
			}
			return channel + int(producer-first)
		}
		channel += int(last - first + 1)
	}
	return -1
}

// channels returns how many channels the gate of a subtask has.
func (w *wiring) channels(j *job.Job, vertex int, consumer int32) int {
	n := 0
	for _, input := range w.vertices[vertex].inputs {
		first, last := w.edges[input].producers(j, consumer)
		n += int(last - first + 1)
	}
	return n
}
