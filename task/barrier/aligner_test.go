package barrier_test

import (
	"errors"
	"testing"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/task"
	"github.com/cairnstate/cairn/task/barrier"
)

func numbered(id int64, exactlyOnce bool) task.Barrier {
	return task.Barrier{CheckpointID: id, Timestamp: start(), Options: task.CheckpointOptions{ExactlyOnce: exactlyOnce}}
}

func start() time.Time { return time.Unix(1000, 0) }

func TestMetricsOfAnAlignment(t *testing.T) {
	a := barrier.New(2)
	a.Processed(1)
	a.Barrier(0, numbered(1, true), start().Add(2*time.Second))
	a.Processed(10)
	a.Processed(10)
	d := a.Barrier(1, numbered(1, true), start().Add(5*time.Second))
	want := task.Metrics{StartDelay: 2 * time.Second, Alignment: 3 * time.Second, BytesProcessed: 20}
	if len(d.Snapshots) != 1 || d.Snapshots[0].Metrics != want {
		t.Errorf("%+v, want %+v", d.Snapshots, want)
	}
}

// Why a checkpoint was given up decides whether the coordinator is told, and what.
func TestReasons(t *testing.T) {
	for name, test := range map[string]struct {
		event func(*barrier.Aligner) barrier.Decision
		want  checkpoint.FailureReason
	}{
		"a newer barrier": {func(a *barrier.Aligner) barrier.Decision { return a.Barrier(1, numbered(2, true), start()) }, checkpoint.DeclinedSubsumed},
		"a cancellation":  {func(a *barrier.Aligner) barrier.Decision { return a.Cancel(1, 1) }, checkpoint.DeclinedOnCancellationBarrier},
		"the coordinator": {func(a *barrier.Aligner) barrier.Decision { return a.Abort(1) }, ""},
	} {
		a := barrier.New(2)
		a.Barrier(0, numbered(1, true), start())
		d := test.event(a)
		if len(d.Aborted) != 1 || d.Aborted[0].CheckpointID != 1 || a.Blocked(0) {
			t.Errorf("%s: %+v, blocked %v; want checkpoint 1 given up, and channel 0 open", name, d, a.Blocked(0))
			continue
		}
		cause := d.Aborted[0].Cause
		if test.want == "" && cause != nil || test.want != "" && !errors.Is(cause, &checkpoint.Failure{Reason: test.want}) {
			t.Errorf("%s: %v, want %s", name, cause, test.want)
		}
	}
}

// A cancellation that the coordinator asked for must not overtake older barriers.
func TestACheckpointThatIsGivenUpEarlyWaitsForItsBarrier(t *testing.T) {
	a := barrier.New(2)
	if d := a.Abort(2); len(d.Aborted) != 0 {
		t.Errorf("%+v before there was any barrier", d)
	}
	a.Barrier(0, numbered(1, true), start())
	if d := a.Barrier(1, numbered(1, true), start()); len(d.Snapshots) != 1 {
		t.Errorf("%+v, want checkpoint 1", d)
	}
	if d := a.Barrier(0, numbered(2, true), start()); len(d.Aborted) != 1 || a.Blocked(0) {
		t.Errorf("%+v, blocked %v; want checkpoint 2 given up", d, a.Blocked(0))
	}
}

// A channel that never brings anything must not have all barriers of the others kept.
func TestWhatWaitsIsBounded(t *testing.T) {
	a := barrier.New(2)
	aborted := 0
	for id := range int64(1000) {
		aborted += len(a.Barrier(0, numbered(id+1, false), start()).Aborted)
	}
	if aborted != 950 {
		t.Errorf("%d of 1000 were given up, want 950", aborted)
	}
}
