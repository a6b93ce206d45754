// Package verdict writes down what a restore decides, line by line, so that two
// who decided can be compared: cairn, and real Flink, which integration/flink/assign
// has answer in the same words.
//
//	0/3: restored, max parallelism 128          vertex 0, subtask 3
//	0/3 5c27…54de managed keyed state: full[96,127][0 40 …]@file:/chk/1
//	1: not restored
//	2/0: finished on restore
//	refused to assign: in-flight data cannot be rescaled
//
// A line names each handle in full: what it is, which part of it, and where. What
// Flink has in an order that it does not promise stands here in order of its text.
package verdict
