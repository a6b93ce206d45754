// Package job describes the job that a checkpoint is to be restored into: who
// will ask for state, how many of them, and who feeds whom.
//
// A job is a graph of vertices. A vertex is a chain of operators that run in one
// task, with a parallelism and a max parallelism; its inputs say which vertex
// feeds it and how. That is all that restore needs, and all that a user has to
// say of a job that is not here:
//
//	vertices:
//	  - name: source
//	    parallelism: 2
//	    operators:
//	      - uid: kafka-source
//	  - name: count
//	    parallelism: 4
//	    operators:
//	      - uid: count
//	    inputs:
//	      - from: source
//	        partitioner: hash
//
// There are four ways to a Job. New takes vertices from code. ParseYAML reads
// the above; docs/job-yaml.md is its reference. ParseFlinkJSON reads what a running
// Flink says of a job, and keeps a list of what it does not say. FromMetadata
// derives a job from a checkpoint itself, for whoever wants to know what another
// parallelism would do before there is a job. And job/jobgraph makes one of a job that
// is written down in Go, as Flink's translation would.
//
// The names are those of Apache Flink: Vertex is JobVertex and ExecutionJobVertex,
// Operator is OperatorIDPair, Input is JobEdge. A Job is immutable once made, and
// safe for concurrent use.
package job
