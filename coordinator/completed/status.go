package completed

import "github.com/cairnstate/cairn/checkpoint"

// JobStatus is how a job ended (Flink: the terminal ones of JobStatus).
type JobStatus string

// The ends of a job.
const (
	Finished  JobStatus = "FINISHED"
	Cancelled JobStatus = "CANCELED" // as Flink spells it
	Failed    JobStatus = "FAILED"
	Suspended JobStatus = "SUSPENDED" // stopped here, to go on elsewhere
)

// GloballyTerminal reports whether the job will not run again, anywhere.
func (s JobStatus) GloballyTerminal() bool {
	return s == Finished || s == Cancelled || s == Failed
}

// discards says what the properties have to say about an end. An end that is not
// known discards nothing.
func (s JobStatus) discards(p checkpoint.Properties) bool {
	switch s {
	case Finished:
		return p.DiscardFinished
	case Cancelled:
		return p.DiscardCancelled
	case Failed:
		return p.DiscardFailed
	case Suspended:
		return p.DiscardSuspended
	}
	return false
}

// ToDiscard splits checkpoints by what their properties say about the end of the
// job: those to discard, and those to leave to the user.
func ToDiscard(checkpoints []*Checkpoint, status JobStatus) (discard, retain []*Checkpoint) {
	for _, c := range checkpoints {
		if status.discards(c.Properties) {
			discard = append(discard, c)
		} else {
			retain = append(retain, c)
		}
	}
	return discard, retain
}
