package barrier

import (
	"cmp"
	"slices"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/task"
)

func (a *Aligner) begin(b task.Barrier, now time.Time) *alignment {
	p := &alignment{barrier: b, seen: make([]bool, len(a.channels)), first: now}
	for i, c := range a.channels {
		p.seen[i] = c.ended
	}
	return p
}

// find returns the place of the checkpoint among those that wait.
func (a *Aligner) find(id int64) (at int, found bool) {
	return slices.BinarySearchFunc(a.pending, id, func(p *alignment, id int64) int {
		return cmp.Compare(p.barrier.CheckpointID, id)
	})
}

// pass gives up what the channel will not bring any more, now that it is at this id.
func (a *Aligner) pass(channel int, id int64, d *Decision) {
	a.channels[channel].passed = max(a.channels[channel].passed, id)
	for _, p := range slices.Clone(a.pending) {
		if p.barrier.CheckpointID < id && !p.seen[channel] {
			a.abort(p.barrier.CheckpointID, checkpoint.DeclinedSubsumed, d)
		}
	}
}

// skipped reports whether a channel is beyond a checkpoint that does not wait, and so has
// not brought the barrier, even if it has ended since.
func (a *Aligner) skipped(id int64) bool {
	return slices.ContainsFunc(a.channels, func(c channel) bool { return c.passed > id })
}

// abort gives a checkpoint up, once. No reason means that the coordinator did.
func (a *Aligner) abort(id int64, reason checkpoint.FailureReason, d *Decision) {
	if a.known[id] == settled {
		return
	}
	aborted := Aborted{CheckpointID: id}
	if reason != "" {
		aborted.Cause = &checkpoint.Failure{Reason: reason}
	}
	d.Aborted = append(d.Aborted, aborted)
	a.settle(id)
}

// settle has the checkpoint never come up again.
func (a *Aligner) settle(id int64) {
	if at, found := a.find(id); found {
		a.pending = slices.Delete(a.pending, at, at+1)
	}
	a.known[id] = settled
}

// complete takes out the checkpoints whose barriers are all there.
func (a *Aligner) complete(now time.Time, d *Decision) {
	for _, p := range slices.Clone(a.pending) {
		if slices.Contains(p.seen, false) {
			continue
		}
		d.Snapshots = append(d.Snapshots, Aligned{Barrier: p.barrier, Metrics: task.Metrics{
			Alignment:      now.Sub(p.first),
			StartDelay:     max(p.first.Sub(p.barrier.Timestamp), 0),
			BytesProcessed: p.bytes,
		}})
		a.settle(p.barrier.CheckpointID)
	}
}

// forgetOldest keeps the number of checkpoints that wait within bounds.
func (a *Aligner) forgetOldest(d *Decision) {
	if len(a.pending) > mostPending {
		a.abort(a.pending[0].barrier.CheckpointID, checkpoint.DeclinedSubsumed, d)
	}
}

// lowest returns the id up to which no channel brings anything any more.
func (a *Aligner) lowest() int64 {
	lowest, none := int64(0), true
	for _, c := range a.channels {
		if !c.ended && (none || c.passed < lowest) {
			lowest, none = c.passed, false
		}
	}
	return lowest
}

// tidy forgets the fate of what cannot come any more.
func (a *Aligner) tidy() {
	lowest := a.lowest()
	for id := range a.known {
		if id <= lowest || a.Ended() {
			delete(a.known, id)
		}
	}
}
