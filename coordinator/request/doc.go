// Package request decides which checkpoint is triggered next, if any.
//
// Checkpoints are asked for by a timer and by people, at any time, and only so many
// may run at once. What cannot run yet waits in a queue. People come before the timer,
// and savepoints before checkpoints:
//
//	savepoint  <  checkpoint that a user asked for  <  the timer's
//
// The [Decider] owns the queue, and nothing else: it is given the [Situation] and
// answers with a [Decision], which its caller carries out. It asks no clock and calls
// nobody back, so all that it does can be seen in its answers.
//
// A [Request] is answered once, through its [Promise]: with the completed checkpoint,
// or with the reason why there is none.
package request
