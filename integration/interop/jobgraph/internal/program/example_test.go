package program_test

import (
	"fmt"

	"github.com/cairnstate/cairn/integration/interop/jobgraph/internal/program"
)

func Example() {
	p := program.Program{
		Settings: map[string]string{"execution.checkpointing.interval": "1 min"},
		Steps:    []program.Step{{Kind: "source", Name: "a"}, {Kind: "sink", Name: "b", Inputs: []int{0}}},
	}
	env, graph, err := p.Run()
	if err != nil {
		fmt.Println(err)
		return
	}
	result := program.Of(env, graph)
	fmt.Println(result.Vertices[0].Name, result.Coordinator.Interval)
	// Output: Source: a -> Sink: b 60000
}
