package stream_test

import (
	"fmt"

	"github.com/cairnstate/cairn/job/stream"
)

func ExampleEnvironment_Graph() {
	env, err := stream.NewEnvironment(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	lines := env.Source("lines", &stream.Options{UID: "lines"})
	words := lines.Transform("split", nil)
	counts := words.KeyBy().Transform("count", &stream.Options{UID: "count", Parallelism: 4})
	words.SideOutput("odd").Union(counts.Stream).Sink("out", nil)

	graph, err := env.Graph()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, edge := range graph.Edges {
		from, to := graph.Nodes[edge.From].Name, graph.Nodes[edge.To].Name
		fmt.Printf("%s = %s => %s %q\n", from, edge.Partitioner.Name, to, edge.SideOutput)
	}
	// Output:
	// Source: lines = forward => split ""
	// split = hash => count ""
	// split = forward => Sink: out "odd"
	// count = rebalance => Sink: out ""
}
