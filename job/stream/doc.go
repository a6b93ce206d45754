// Package stream describes a job the way a user writes it: sources, operators on
// streams, and how records go from one to the next.
//
//	env, _ := stream.NewEnvironment(nil)
//	env.EnableCheckpointing(time.Minute)
//	lines := env.Source("lines", &stream.Options{UID: "lines"})
//	counts := lines.KeyBy().Transform("count", &stream.Options{UID: "count", Parallelism: 4})
//	counts.Sink("out", nil)
//	graph, err := env.Graph()
//
// Nothing runs here, and no functions are given: what an operator does is not what
// its state is found by. Environment is Flink's StreamExecutionEnvironment, a Stream
// is a DataStream. Graph, Flink's StreamGraph, is the first thing that comes of it:
// only operators and edges are left of it. A partitioning, a union and a side output
// are no operators; each becomes part of the edges behind it:
//
//   - An edge has the last partitioning before it. Where there is none, it is forward
//     between equal parallelisms, else rebalance.
//   - A union has the edges of all its streams, in their order.
//   - An operator without slot sharing group has that of its inputs if they agree.
//   - A source that nobody reads is not in the graph.
//
// The package job/jobgraph makes a job graph of it. Only streaming jobs are described:
// the blocking exchanges of batch jobs and what follows from them are left out.
package stream
