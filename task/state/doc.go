// Package state keeps what an operator remembers between records, and brings it into
// checkpoints and back.
//
// A [Backend] is the state of one operator in one subtask. There are two kinds:
//
//   - [Keyed] state has a value for each key. Keys fall into key groups by Flink's
//     rule, and each subtask owns a run of groups; with another parallelism whole
//     groups move.
//   - [List] state has elements that belong to the subtask and to no key, such as the
//     offsets of a source. A [checkpoint.OperatorStateMode] says who gets them back.
//
// Values are Go values, in memory. A [Codec] of the author's choice makes bytes of
// them, and only while they are written and when they are restored.
//
//	counts, err := state.Keyed(backend, "counts", state.StringKey(), state.Int64())
//	n, _ := counts.Get("stone")
//	counts.Put("stone", n+1)
//
// # Two phases
//
// [Backend.Snapshot] is called between two records, and takes no longer for more
// state: what is there is frozen, and what is written afterwards goes on top of it.
// [Snapshot.Write] then runs beside the records, in another goroutine. It leaves whole
// files and the handles on them, or nothing.
//
// # Format
//
// The handles are Flink's own: [checkpoint.KeyGroupsStateHandle], whose offsets lead
// to a block for each key group, and [checkpoint.OperatorStreamStateHandle], whose
// offsets lead to an element each. So restore gives them out as it does Flink's, and a
// subtask reads the blocks of its own groups only. A block and an element are a frame
// each: the byte 0xC1, the length as a varint, so many bytes, and their CRC-32C in
// little endian. A block holds, for each state, its name and its entries, and these
// hold key and value in turn; each of them all has its length before it, as a varint.
// What a program does not declare any more is kept as it was.
package state
