// Package random makes checkpoints that no cluster would take on a good day but
// that the format can say: every kind of state handle in every position, the
// numbers and strings at the edges of their types. The same seed gives the same
// checkpoint.
//
// What it makes, a given release of Flink can read. That release bounds the
// kinds of handles (Vocabulary), and Flink's own invariants bound the rest: no
// size below -1, no subtask at or beyond the parallelism, paths in the form
// that Flink's Path leaves alone.
package random
