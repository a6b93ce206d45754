//go:build interop

package circle

import (
	"errors"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/request"
)

// aCheckpoint is the last one before the job is cancelled.
func aCheckpoint(l *life) *completed.Checkpoint {
	cp := l.take(l.checkpoint)
	l.cancel()
	return cp
}

// aSavepoint is one after which the job is cancelled.
func aSavepoint(format checkpoint.SavepointFormat) func(*life) *completed.Checkpoint {
	return func(l *life) *completed.Checkpoint {
		cp := l.take(func() *request.Promise { return l.TriggerSavepoint("", format) })
		l.cancel()
		return cp
	}
}

// anInFlight is a checkpoint that barriers reached before the records in front of them
// were processed.
func anInFlight(l *life) *completed.Checkpoint {
	cp := aCheckpoint(l)
	var bytes int64
	for _, op := range cp.Operators {
		for _, s := range op.Subtasks {
			if s.State != nil && s.State.Channels != nil {
				bytes += channelBytes(s.State.Channels)
			}
		}
	}
	if bytes == 0 {
		l.t.Error("no record was in flight")
	}
	l.t.Logf("%d bytes were in flight", bytes)
	return cp
}

func channelBytes(c *checkpoint.ChannelState) (bytes int64) {
	for _, h := range slices.Concat(c.Input, c.ResultSubpartition) {
		bytes += h.StateSize()
	}
	return bytes
}

// aFinished takes checkpoints until there is one in which an operator has finished
// entirely, and another one in a part of its subtasks: when sources reach their end is
// up to them. While a part of those with union state has, there is none.
func aFinished(l *life) *completed.Checkpoint {
	for range 50 {
		cp, err := l.try(l.checkpoint)
		if errors.Is(err, &checkpoint.Failure{Reason: checkpoint.DeclinedTaskClosing}) {
			l.t.Logf("passed over: %v", err)
			continue
		}
		if err != nil {
			l.t.Fatal(err)
		}
		if fully, partly := finishedIn(cp); fully && partly {
			l.cancel()
			return cp
		}
	}
	l.t.Fatal("no task has finished")
	return nil
}

func finishedIn(cp *completed.Checkpoint) (fully, partly bool) {
	for _, op := range cp.Operators {
		fully = fully || op.FullyFinished
		partly = partly || slices.ContainsFunc(op.Subtasks, func(s checkpoint.SubtaskState) bool { return s.Finished })
	}
	return fully, partly
}

// aStop stops the job with a savepoint: its tasks end by themselves once they hear
// that it is complete.
func aStop(format checkpoint.SavepointFormat, drain bool) func(*life) *completed.Checkpoint {
	return func(l *life) *completed.Checkpoint {
		cp := l.take(func() *request.Promise { return l.StopWithSavepoint("", format, drain) })
		if status, err := l.Ended(l.ctx); err != nil || status != "FINISHED" {
			l.t.Fatalf("the job is %s, %v", status, err)
		}
		l.hasFinished = true
		l.shutdown(completed.Finished)
		return cp
	}
}
