package request_test

import (
	"testing"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/request"
)

var (
	checkpoints = checkpoint.CheckpointProperties(checkpoint.RetainOnFailure)
	waits       = checkpoint.SavepointProperties(checkpoint.Canonical, checkpoint.ActionNone, false)
	forced      = checkpoint.SavepointProperties(checkpoint.Canonical, checkpoint.ActionNone, true)
)

// at returns a time, in milliseconds from the beginning of the test.
func at(ms int) time.Time { return time.Unix(1000, 0).Add(time.Duration(ms) * time.Millisecond) }

// free is a situation in which nothing stands in the way.
func free(ms int) request.Situation { return request.Situation{Now: at(ms)} }

// busy is one in which a checkpoint is pending.
func busy(ms int) request.Situation { return request.Situation{Now: at(ms), Pending: 1} }

// full returns a decider with as many requests as it takes.
func full(t *testing.T, make func(ms int) *request.Request) *request.Decider {
	t.Helper()
	d := request.NewDecider(1, 0)
	for i := range request.MaxQueued {
		nothing(t, d.Submit(make(i), busy(i)))
	}
	return d
}

func tick(ms int) *request.Request       { return request.NewPeriodic(checkpoints, at(ms)) }
func byUser(ms int) *request.Request     { return request.New(checkpoints, "", at(ms)) }
func savepoint(ms int) *request.Request  { return request.New(waits, "", at(ms)) }
func forcedSave(ms int) *request.Request { return request.New(forced, "", at(ms)) }

func nothing(t *testing.T, d request.Decision) {
	t.Helper()
	if d.Chosen != nil || len(d.Failed) > 0 || d.Rearm != 0 {
		t.Fatalf("decided %+v, want nothing", d)
	}
}

func chosen(t *testing.T, d request.Decision, want *request.Request) {
	t.Helper()
	if d.Chosen != want || len(d.Failed) > 0 || d.Rearm != 0 {
		t.Fatalf("decided %+v, want %+v and nothing else", d, want)
	}
}

// refused fails the test if anything was decided but to refuse a request.
func refused(t *testing.T, d request.Decision, want *request.Request, reason checkpoint.FailureReason, rearm time.Duration) {
	t.Helper()
	if d.Chosen != nil || len(d.Failed) != 1 || d.Failed[0].Request != want || d.Rearm != rearm {
		t.Fatalf("decided %+v, want that %+v is refused and the timer set to %s", d, want, rearm)
	}
	if got := d.Failed[0].Failure.Reason; got != reason {
		t.Errorf("reason %s, want %s", got, reason)
	}
}
