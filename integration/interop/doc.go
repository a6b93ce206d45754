// Package interop holds cairn against real Flink.
//
// Nobody can read a format out of a description without error, and a reader and
// a writer by the same hand agree in their errors. So there is a third party:
// the oracle (integration/flink/oracle), which has Flink's own classes read,
// write and generate metadata. The tests here, behind the build tag interop,
// ask three things:
//
//	what Flink wrote    we read as Flink reads it, field for field, and write again to the same bytes
//	what we wrote       Flink reads as we meant it, field for field
//	what Flink rewrote  of ours, we still read as Flink does
//
// Both sides describe a checkpoint as the same JSON, so a difference is a path
// and two values. Java and Maven must be there; without them the tests fail,
// because a check that quietly did not happen looks like one that passed.
//
// FLINK_VERSION chooses the release. CAIRN_CORPUS names a folder of further
// metadata files, if there is one.
package interop
