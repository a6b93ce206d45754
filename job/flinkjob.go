package job

import (
	"cmp"
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
)

// flinkFile is a description of Flink while it is read.
type flinkFile struct {
	name     string
	document flinkJob
	at       map[checkpoint.JobVertexID]int // index of each vertex
	outputs  []int                          // by vertex: how many edges leave it
	gaps     []Gap
}

func (f *flinkFile) job() (*Job, error) {
	nodes := f.document.Nodes
	vertices := make([]Vertex, len(nodes))
	for i := range nodes {
		id, err := nodes[i].id()
		if err != nil {
			return nil, f.problem(&nodes[i], "the id %s", err)
		}
		f.at[id] = i
		vertices[i] = Vertex{
			ID:          id,
			Name:        nameOf(nodes[i].Description),
			Parallelism: nodes[i].Parallelism,
			Operators:   []Operator{{ID: checkpoint.OperatorID(id)}},
		}
	}
	f.gaps = append(f.gaps, Gap{Kind: GapOperators, Vertex: -1, Reason: "Flink names only the head of each chain, by its generated id"})
	if err := f.edges(vertices); err != nil {
		return nil, err
	}
	limits := f.details(vertices)
	j, err := New(vertices...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	for i, limit := range limits {
		if limit >= j.vertices[i].Parallelism {
			j.vertices[i].MaxParallelism = limit
		}
	}
	j.gaps = f.gaps
	return j, nil
}

// details takes over what the list of vertices says better than the plan, and
// returns the max parallelism of each vertex, which may be chosen or not; 0 where
// it is not said.
func (f *flinkFile) details(vertices []Vertex) []int32 {
	limits := make([]int32, len(vertices))
	for _, detail := range f.document.Vertices {
		i, known := f.at[detail.ID]
		if !known {
			continue
		}
		vertices[i].Name = cmp.Or(detail.Name, vertices[i].Name)
		vertices[i].Parallelism = cmp.Or(detail.Parallelism, vertices[i].Parallelism)
		if limit := normalMaxParallelism(detail.MaxParallelism); checkBounds("", limit) == nil {
			limits[i] = limit
		}
	}
	for i, limit := range limits {
		reason := fmt.Sprintf("it is %d, but it is not said whether that was chosen", limit)
		if limit == 0 {
			reason = "it is not said, nor whether it was chosen"
		}
		f.gaps = append(f.gaps, Gap{Kind: GapMaxParallelism, Vertex: i, Reason: reason, MaxParallelism: limit})
	}
	return limits
}

func (f *flinkFile) edges(vertices []Vertex) error {
	f.outputs = make([]int, len(vertices))
	for i := range f.document.Nodes {
		node := &f.document.Nodes[i]
		slices.SortStableFunc(node.Inputs, func(a, b flinkInput) int { return cmp.Compare(a.Num, b.Num) })
		for _, in := range node.Inputs {
			id, err := checkpoint.ParseOperatorID(in.ID)
			from, known := f.at[checkpoint.JobVertexID(id)]
			if err != nil || !known {
				return f.problem(node, "there is no node %q, which is to feed it", in.ID)
			}
			vertices[i].Inputs = append(vertices[i].Inputs, f.partitioner(i, in.ShipStrategy).Input(from))
			f.outputs[from]++
		}
	}
	for i, edges := range f.outputs {
		if edges > 1 {
			f.gaps = append(f.gaps, Gap{Kind: GapEdges, Vertex: i, Reason: fmt.Sprintf("the order of its %d outputs is not said", edges)})
		}
	}
	return nil
}

// partitioner returns what Flink's StreamPartitioners call themselves. What is
// called CUSTOM is partitionCustom's, or another that moves data in flight otherwise.
func (f *flinkFile) partitioner(vertex int, strategy string) Partitioner {
	switch strategy {
	case "HASH", "REBALANCE", "SHUFFLE", "GLOBAL", "BROADCAST", "FORWARD", "RESCALE":
		p, _ := PartitionerNamed(strings.ToLower(strategy))
		return p
	}
	f.gaps = append(f.gaps, Gap{Kind: GapEdges, Vertex: vertex,
		Reason: fmt.Sprintf("where the partitioner %q moves data in flight is not said", strategy)})
	p, _ := PartitionerNamed("custom")
	return p
}

// nameOf makes a name of a node's description, which is a tree in HTML: a<br/>+- b<br/>.
func nameOf(description string) string {
	var names []string
	for line := range strings.SplitSeq(description, "<br/>") {
		if line = strings.TrimLeft(line, " :+-"); line != "" {
			names = append(names, html.UnescapeString(line))
		}
	}
	return strings.Join(names, " -> ")
}
