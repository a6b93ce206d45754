package program_test

import (
	"context"
	"fmt"
	"io"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job/stream"
	"github.com/cairnstate/cairn/task/program"
	"github.com/cairnstate/cairn/task/state"
)

// numbers is a source that emits 0 to 9, and remembers how far it is.
type numbers struct{ next *state.ListState[int64] }

func (n *numbers) Open(_ context.Context, sub *program.Subtask) (err error) {
	n.next, err = state.List(sub.State, "next", checkpoint.SplitDistribute, state.Int64())
	if !sub.Restored() {
		n.next.Set(0)
	}
	return err
}

func (n *numbers) Next(_ context.Context, emit func(int64) error) error {
	next := n.next.Values()[0]
	if next == 10 {
		return io.EOF
	}
	n.next.Set(next + 1)
	return emit(next)
}

// sums is an operator that adds up the numbers of each key.
type sums struct {
	total *state.KeyedState[int64, int64]
}

func digit(n int64) int64 { return n % 3 }

func (s *sums) Open(_ context.Context, sub *program.Subtask) (err error) {
	s.total, err = state.Keyed(sub.State, "total", state.Int64Key(), state.Int64())
	return err
}

func (s *sums) Process(_ context.Context, n int64, emit func(string) error) error {
	total, _ := s.total.Get(digit(n))
	s.total.Put(digit(n), total+n)
	return emit(fmt.Sprintf("%d: %d", digit(n), total+n))
}

// printer is a sink.
type printer struct{}

func (printer) Open(context.Context, *program.Subtask) error { return nil }

func (printer) Write(_ context.Context, line string) error {
	_, err := fmt.Println(line)
	return err
}

// What is written down is a job as package stream has it; package task/local runs it.
func Example() {
	env, err := stream.NewEnvironment(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	p := program.New(env)
	all := program.Read(p, "numbers", nil, func() program.Source[int64] { return new(numbers) })
	totals := program.Transform(program.KeyBy(all, state.Int64Key(), digit), "sums", &stream.Options{Parallelism: 2},
		func() program.Operator[int64, string] { return new(sums) })
	program.Write(totals, "print", nil, func() program.Sink[string] { return printer{} })

	graph, err := p.Graph()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, edge := range graph.Edges {
		fmt.Println(graph.Nodes[edge.From].UID, "=", edge.Partitioner.Name, "=>", graph.Nodes[edge.To].UID)
	}
	fmt.Println("5 goes by the hash code", p.Node("sums").Hash(int64(5)))
	// Output:
	// numbers = hash => sums
	// sums = rebalance => print
	// 5 goes by the hash code 2
}
