package jobgraph_test

import (
	"fmt"
	"time"

	"github.com/cairnstate/cairn/job/jobgraph"
	"github.com/cairnstate/cairn/job/stream"
)

func ExampleNew() {
	env, err := stream.NewEnvironment(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := env.EnableCheckpointing(time.Minute); err != nil {
		fmt.Println(err)
		return
	}
	words := env.Source("lines", &stream.Options{UID: "lines"}).Transform("split", nil)
	words.KeyBy().Transform("count", &stream.Options{UID: "count", Parallelism: 4}).Sink("out", nil)

	graph, err := env.Graph()
	if err != nil {
		fmt.Println(err)
		return
	}
	deployed, err := jobgraph.New(graph)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, v := range deployed.Vertices {
		fmt.Println(v.ID, v.Parallelism, v.Name)
	}
	settings := deployed.Checkpointing
	fmt.Println(len(settings.Trigger), "of", len(settings.Acknowledge), "trigger, each", settings.Coordinator.Interval)
	// Output:
	// 30526b369bc9f4583e22fa19af0d8bf4 1 Sink: out
	// b71731f1c0df9c3076c4a455334d0ad6 4 count
	// eae5c6d2bc3e7d57a36526fbb842351e 1 Source: lines -> split
	// 1 of 3 trigger, each 1m0s
}
