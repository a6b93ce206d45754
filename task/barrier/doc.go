// Package barrier brings the barriers of many channels together: it says when a subtask
// has seen all of a checkpoint's barriers, and which channels have to wait until then.
//
// A barrier divides the records of a channel into those that are in the checkpoint and
// those that are not. A subtask with several inputs sees it several times, and may take
// its snapshot when it has seen it everywhere. What comes behind it meanwhile must wait,
// if each record is to count exactly once; if twice does no harm, nothing waits:
//
//	channel 0   a b | c d e        c is not read before | of channel 1 is there
//	channel 1   f g h i | j        snapshot: a b f g h i
//
// [Aligner] decides. It does no I/O, has no goroutines, and asks nobody for the time, so
// its tests try every order in which a few channels can deliver. [Gate] is the queues
// around it: producers put elements into bounded channels, and the subtask takes what
// comes next.
//
// A checkpoint is given up as soon as one channel shows that it will not bring the
// barrier any more: by one of a newer checkpoint (which subsumes it) or by a
// cancellation, which a subtask sends down the stream in place of a barrier. A channel
// that has ended counts as having brought all. The rules are those of Flink's
// SingleCheckpointBarrierHandler and CheckpointBarrierTracker of the 2.x generation,
// with aligned barriers; unaligned ones are not for this package.
package barrier
