package barrier

import (
	"slices"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/task"
)

// Aligner aligns the barriers of the channels of one subtask. It is for one goroutine.
//
// It is told what the channels bring, in the order in which it is read, and answers what
// follows. Whoever reads must not read from a channel that is [Aligner.Blocked]; the
// barriers of a channel come with ascending ids.
type Aligner struct {
	channels []channel
	pending  []*alignment // by ascending ids

	// known are checkpoints that some channel may still bring a barrier of, although
	// their fate is clear.
	known map[int64]fate
}

type fate uint8

const (
	settled fate = iota + 1 // it was decided about, and that was told
	doomed                  // the coordinator gave it up before any barrier came
)

type channel struct {
	passed int64 // the highest id that it brought, by barrier or cancellation
	ended  bool
}

// alignment is a checkpoint of which some barriers are there.
type alignment struct {
	barrier task.Barrier
	seen    []bool // by channel
	first   time.Time
	bytes   int64 // that were processed meanwhile
}

// mostPending bounds the checkpoints that wait for a barrier at once, for one that was
// given up may not be heard of (Flink: MAX_CHECKPOINTS_TO_TRACK).
const mostPending = 50

// Decision is what follows from an event.
type Decision struct {
	// Snapshots are to be taken, in this order, before the next record: all their
	// barriers are there. The barrier goes down the stream.
	Snapshots []Aligned

	// Aborted are given up. A cancellation goes down the stream for each.
	Aborted []Aborted
}

// Aligned is a checkpoint whose barriers are all there.
type Aligned struct {
	Barrier task.Barrier

	// Metrics has Alignment, StartDelay and BytesProcessed.
	Metrics task.Metrics
}

// Aborted is a checkpoint that the subtask cannot take part in.
type Aborted struct {
	CheckpointID int64
	Cause        *checkpoint.Failure // nil if the coordinator said so; else it is to be told
}

// New returns an aligner of so many channels, at least one.
func New(channels int) *Aligner {
	return &Aligner{channels: make([]channel, channels), known: make(map[int64]fate)}
}

// Blocked reports whether the channel must not be read from: it has brought the barrier
// of an exactly-once checkpoint that others have not brought yet.
func (a *Aligner) Blocked(channel int) bool {
	for _, p := range a.pending {
		if p.barrier.Options.ExactlyOnce && p.seen[channel] {
			return true
		}
	}
	return false
}

// Processed tells of the bytes of a record that was read.
func (a *Aligner) Processed(bytes int64) {
	for _, p := range a.pending {
		p.bytes += bytes
	}
}

// Barrier tells that the channel brought a barrier.
func (a *Aligner) Barrier(channel int, b task.Barrier, now time.Time) Decision {
	var d Decision
	a.pass(channel, b.CheckpointID, &d)
	at, found := a.find(b.CheckpointID)
	switch {
	case a.known[b.CheckpointID] == settled:
	case a.known[b.CheckpointID] == doomed:
		a.abort(b.CheckpointID, "", &d)
	case !found && a.skipped(b.CheckpointID):
		a.abort(b.CheckpointID, checkpoint.DeclinedSubsumed, &d)
	default:
		if !found {
			a.pending = slices.Insert(a.pending, at, a.begin(b, now))
		}
		a.pending[at].seen[channel] = true
		a.complete(now, &d)
		a.forgetOldest(&d)
	}
	a.tidy()
	return d
}

// Cancel tells that the channel brought a cancellation in place of a barrier.
func (a *Aligner) Cancel(channel int, id int64) Decision {
	var d Decision
	a.pass(channel, id, &d)
	a.abort(id, checkpoint.DeclinedOnCancellationBarrier, &d)
	a.tidy()
	return d
}

// End tells that nothing comes from the channel any more.
func (a *Aligner) End(channel int, now time.Time) Decision {
	var d Decision
	a.channels[channel].ended = true
	for _, p := range a.pending {
		p.seen[channel] = true
	}
	a.complete(now, &d)
	a.tidy()
	return d
}

// Abort tells that the coordinator has given the checkpoint up. If none of its barriers
// came yet it is given up when the first one does, for the cancellation must not overtake
// the barriers of older checkpoints.
func (a *Aligner) Abort(id int64) Decision {
	var d Decision
	if _, pending := a.find(id); pending {
		a.abort(id, "", &d)
	} else if id > a.lowest() && a.known[id] == 0 {
		a.known[id] = doomed
	}
	a.tidy()
	return d
}

// Ended reports whether all channels have ended.
func (a *Aligner) Ended() bool {
	return !slices.ContainsFunc(a.channels, func(c channel) bool { return !c.ended })
}
