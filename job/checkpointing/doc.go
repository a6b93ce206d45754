// Package checkpointing says how a job is checkpointed: what a user can choose, and
// what a coordinator is told in the end.
//
// Config is the choice, one field for each option of Flink 2.x. It is made by hand
// from Default, or read from a configuration file by Read:
//
//	configuration (text) -> Config (values, each checked) -> CoordinatorConfiguration (what holds)
//
// The last arrow is where rules bite that look at several options at once, all of
// them Flink's. Without an interval there are no periodic checkpoints and the mode
// is at least once, whatever was chosen, and so nothing is unaligned. Unaligned
// checkpoints take exactly-once, and one checkpoint at a time. The interval is never
// shorter than the minimum pause. During backlog checkpoints are rarer, never more
// frequent.
//
// JobSettings are the same for one job: with the vertices that trigger, acknowledge
// and confirm. Options is the table behind it all, and docs/configuration.md is
// tested against it.
package checkpointing
