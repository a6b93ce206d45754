// Package failure decides when checkpoints have failed too often.
//
// A checkpoint that fails does no harm: the job goes on, and the next one may work.
// But a job whose checkpoints all fail works without a net, and nobody notices. So
// failures in a row are counted, and when there are more than the user tolerates, the
// job fails too, and is restored from the last checkpoint that there is.
//
// Not every end is a failure. A checkpoint that was overtaken by a newer one, or
// aborted since its job is restarted anyway, says nothing about the next. [Counts]
// has the list.
package failure
