package stream

import (
	"cmp"
	"errors"

	"github.com/cairnstate/cairn/job"
)

// DefaultSlotSharingGroup is the group of operators for which nobody chose one.
const DefaultSlotSharingGroup = "default"

// Graph returns what has been written down so far. Errors are *Problem, several of them
// joined: whatever was wrong with any call.
func (e *Environment) Graph() (*Graph, error) {
	t := translation{env: e, nodes: make([]int, len(e.operators))}
	t.graph = &Graph{Chaining: e.Chaining, ChainDifferentMaxParallelism: e.ChainDifferentMaxParallelism, Checkpointing: e.Checkpointing}
	if len(e.problems) > 0 {
		return nil, errors.Join(e.problems...)
	}
	used := e.used()
	for i, op := range e.operators {
		if used[i] {
			t.node(i, op)
		}
	}
	if len(t.graph.Nodes) == 0 {
		return nil, &Problem{Reason: "no operators are defined"}
	}
	t.unaligned()
	return t.graph, errors.Join(t.problems...)
}

// used tells which operators are part of the job: all but sources that nobody reads.
func (e *Environment) used() []bool {
	used := make([]bool, len(e.operators))
	for i, op := range e.operators {
		used[i] = used[i] || len(op.inputs) > 0
		for _, in := range op.inputs {
			for _, end := range in.ends {
				used[end.from] = true
			}
		}
	}
	return used
}

type translation struct {
	env      *Environment
	graph    *Graph
	nodes    []int // by operator: index of its node
	problems []error
}

func (t *translation) node(i int, op *Operator) {
	t.nodes[i] = len(t.graph.Nodes)
	o := &op.options
	t.graph.Nodes = append(t.graph.Nodes, Node{
		Name: op.name, UID: o.UID, UIDHash: o.UIDHash, Kind: op.kind,
		Parallelism: o.Parallelism, MaxParallelism: cmp.Or(o.MaxParallelism, t.env.MaxParallelism),
		Chaining: o.Chaining, Yielding: o.Yielding,
		SlotSharingGroup: cmp.Or(o.SlotSharingGroup, t.group(op)),
	})
	for input, stream := range op.inputs {
		if op.kind == SeveralInputs {
			input++
		}
		for _, end := range stream.ends {
			t.edge(i, input, end)
		}
	}
}

// group returns the slot sharing group of all inputs, if it is one.
func (t *translation) group(op *Operator) string {
	group := ""
	for _, in := range op.inputs {
		for _, end := range in.ends {
			of := t.graph.Nodes[t.nodes[end.from]].SlotSharingGroup
			if group != "" && group != of {
				return DefaultSlotSharingGroup
			}
			group = of
		}
	}
	return cmp.Or(group, DefaultSlotSharingGroup)
}

func (t *translation) edge(consumer, input int, end end) {
	edge := Edge{From: t.nodes[end.from], To: t.nodes[consumer], Input: input, SideOutput: end.sideOutput, SupportsUnaligned: true}
	from, to := &t.graph.Nodes[edge.From], &t.graph.Nodes[edge.To]
	switch {
	case end.by != nil:
		edge.Partitioner = *end.by
	case from.Parallelism == to.Parallelism:
		edge.Partitioner, _ = job.PartitionerNamed("forward")
	default:
		edge.Partitioner, _ = job.PartitionerNamed("rebalance")
	}
	if edge.Partitioner.Name == "forward" && from.Parallelism != to.Parallelism {
		t.problems = append(t.problems, &Problem{to.Name, "forward from " + from.Name +
			" takes equal parallelisms; partition otherwise, by Rebalance for one"})
	}
	from.Out = append(from.Out, len(t.graph.Edges))
	to.In = append(to.In, len(t.graph.Edges))
	t.graph.Edges = append(t.graph.Edges, edge)
}

// unaligned finds the operators whose inputs cannot be unaligned: what is in flight there
// could not be given to other subtasks.
func (t *translation) unaligned() {
	for i := range t.graph.Nodes {
		supported := true
		for _, e := range t.graph.Nodes[i].In {
			p := &t.graph.Edges[e].Partitioner
			supported = supported && p.Pattern != job.Pointwise && p.Name != "broadcast" && p.Name != "custom"
		}
		for _, e := range t.graph.Nodes[i].In {
			t.graph.Edges[e].SupportsUnaligned = supported
		}
	}
}
