// Package jobgraph makes of a stream graph what is deployed: a job graph, whose vertices
// are chains of operators that share a task, and which says how the job is checkpointed.
//
// New does it in Flink's order (StreamingJobGraphGenerator), and each step is a file:
//
//  1. validate: may this job be checkpointed as its settings say?
//  2. hash: each operator gets the id by which its state is found. A uid decides it.
//     Without one it comes from the operator's place in the graph, so that an operator
//     more or less before it changes it.
//  3. chain: operators that may share a task do. From the sources on, in depth, and
//     a chain's vertex is made when all behind it are: consumers come before producers.
//  4. connect: what was not chained becomes an edge between vertices.
//  5. settings: which vertices trigger a checkpoint, which acknowledge it, and what the
//     coordinator is told.
//
// Vertices, ids, edges and settings are those that Flink 2.3.0 makes of the same program,
// which integration/interop/jobgraph compares. Graph.Job is the way on to a restore.
package jobgraph
