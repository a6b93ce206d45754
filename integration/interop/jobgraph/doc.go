// Package jobgraph holds the way from a program to a job graph against real Flink.
//
// Flink's own classes (integration/flink/jobgraph) write a random program for each
// seed, and translate it: configuration, stream graph, chaining, operator ids, job
// graph, checkpoint settings. The test here, behind the build tag interop, has
// job/configuration, job/stream and job/jobgraph translate the same program. All that
// comes out must be equal, in the same order; and what Flink refuses, we refuse.
//
//	CAIRN_JOBS   how many programs; 2,000 if unset
//	CAIRN_SEED   the first seed; 1 if unset
//
// The table of options is held against Flink's too: keys, defaults, former keys. So is
// what is read in random configuration files, durations and sizes.
//
// A difference names its seed, which makes the same program every time. The test fails
// as well if the programs no longer met some rule.
package jobgraph
