package statistics_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/statistics"
	"github.com/cairnstate/cairn/task"
)

var (
	noon   = time.Unix(43200, 0).UTC()
	vertex = checkpoint.JobVertexID(checkpoint.OperatorIDFromUID("count"))
	other  = checkpoint.JobVertexID(checkpoint.OperatorIDFromUID("sink"))
)

func attempt(v checkpoint.JobVertexID, subtask int32) task.ExecutionAttempt {
	return task.ExecutionAttempt{Vertex: v, Subtask: subtask}
}

// begin reports a checkpoint of three subtasks; complete and fail end one.
func begin(t *statistics.Tracker, id int64, properties checkpoint.Properties) {
	t.ReportPending(statistics.Pending{CheckpointID: id, Properties: properties, Triggered: noon,
		Tasks: []statistics.TaskSize{{Vertex: vertex, Subtasks: 2}, {Vertex: other, Subtasks: 1}}})
}

func complete(t *statistics.Tracker, id int64) {
	for i, a := range []task.ExecutionAttempt{attempt(vertex, 0), attempt(vertex, 1), attempt(other, 0)} {
		t.ReportTaskAcknowledged(id, a, noon.Add(time.Duration(i+1)*time.Second), task.Metrics{FullStateBytes: 100, CheckpointedBytes: 10 * int64(i)})
	}
	t.ReportCompleted(id, fmt.Sprint("chk-", id), 7)
}

var (
	own       = checkpoint.CheckpointProperties(checkpoint.RetainOnCancellation)
	savepoint = checkpoint.SavepointProperties(checkpoint.Canonical, checkpoint.ActionNone, false)
)

// story renders a snapshot: kinds of latest, then the history.
func story(s statistics.Snapshot) string {
	text := fmt.Sprintf("%+v", s.Counts)
	for _, latest := range []*statistics.Checkpoint{s.LatestCompleted, s.LatestSavepoint, s.LatestFailed, s.Last} {
		if latest == nil {
			text += " -"
		} else {
			text += fmt.Sprintf(" %d", latest.ID)
		}
	}
	for _, c := range s.History {
		text += fmt.Sprintf("; %d %s", c.ID, c.Status)
	}
	return text
}

func TestHistory(t *testing.T) {
	for _, c := range []struct {
		name string
		size int
		tell func(*statistics.Tracker)
		want string
	}{
		{"nothing yet", 3, func(*statistics.Tracker) {},
			"{Restored:0 Total:0 InProgress:0 Completed:0 Failed:0} - - - -"},
		{"each kind, youngest first, replaced in place", 5, func(r *statistics.Tracker) {
			for id := range int64(4) {
				begin(r, id+1, map[bool]checkpoint.Properties{true: savepoint, false: own}[id == 1])
			}
			complete(r, 2)
			complete(r, 1)
			r.ReportFailed(3, errors.New("broken"), noon)
		}, "{Restored:0 Total:4 InProgress:1 Completed:2 Failed:1} 1 2 3 1; 4 IN_PROGRESS; 3 FAILED; 2 COMPLETED; 1 COMPLETED"},
		{"the ring forgets the oldest, and it ends all the same", 2, func(r *statistics.Tracker) {
			for id := range int64(5) {
				begin(r, id+1, own)
			}
			complete(r, 1)
			complete(r, 5)
		}, "{Restored:0 Total:5 InProgress:3 Completed:2 Failed:0} 5 - - 5; 5 COMPLETED; 4 IN_PROGRESS"},
		{"nothing is remembered but the latest", 0, func(r *statistics.Tracker) {
			begin(r, 1, own)
			complete(r, 1)
		}, "{Restored:0 Total:1 InProgress:0 Completed:1 Failed:0} 1 - - 1"},
		{"an older one that completes later is not the latest, but the last", 3, func(r *statistics.Tracker) {
			begin(r, 1, savepoint)
			begin(r, 2, savepoint)
			complete(r, 2)
			complete(r, 1)
		}, "{Restored:0 Total:2 InProgress:0 Completed:2 Failed:0} - 2 - 1; 2 COMPLETED; 1 COMPLETED"},
		{"failures before the beginning are counted alone", 3, func(r *statistics.Tracker) {
			r.ReportFailedBeforePending()
		}, "{Restored:0 Total:1 InProgress:0 Completed:0 Failed:1} - - - -"},
		{"ends without a beginning count nothing down", 3, func(r *statistics.Tracker) {
			complete(r, 1)
			r.ReportFailed(2, nil, noon)
		}, "{Restored:0 Total:0 InProgress:0 Completed:1 Failed:1} - - - -"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tracker := statistics.NewTracker(c.size)
			c.tell(tracker)
			if got := story(tracker.Snapshot()); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestWhatIsKnownOfACheckpoint(t *testing.T) {
	tracker := statistics.NewTracker(3)
	tracker.ReportPending(statistics.Pending{CheckpointID: 7, Properties: own, Triggered: noon,
		Tasks:    []statistics.TaskSize{{Vertex: vertex, Subtasks: 2}, {Vertex: other, Subtasks: 1}},
		Finished: []task.ExecutionAttempt{attempt(other, 0)}})
	metrics := task.Metrics{FullStateBytes: 100, CheckpointedBytes: 10, BytesProcessed: 5, BytesPersisted: 3, UnalignedCheckpoint: true}
	for _, a := range []task.ExecutionAttempt{attempt(vertex, 1), attempt(vertex, 1), attempt(vertex, 2), attempt(vertex, -1), attempt(checkpoint.JobVertexID{}, 0)} {
		tracker.ReportTaskAcknowledged(7, a, noon.Add(time.Second), metrics) // the first counts
	}
	before := tracker.Snapshot()
	want := statistics.Checkpoint{
		ID: 7, Status: statistics.InProgress, Properties: own, Triggered: noon, Subtasks: 3, Acknowledged: 2,
		LatestAcknowledged: noon.Add(time.Second), StateSize: 100, CheckpointedSize: 10, ProcessedBytes: 5, PersistedBytes: 3, Unaligned: true,
		Tasks: []statistics.Task{{
			Vertex: vertex, Acknowledged: 1, LatestAcknowledged: noon.Add(time.Second), StateSize: 100, CheckpointedSize: 10,
			ProcessedBytes: 5, PersistedBytes: 3,
			Subtasks: []statistics.Subtask{{}, {Acknowledged: noon.Add(time.Second), Metrics: metrics}},
		}, {Vertex: other, Acknowledged: 1, LatestAcknowledged: noon, Subtasks: []statistics.Subtask{{Acknowledged: noon}}}},
	}
	if diff := cmp.Diff(&want, before.Checkpoint(7)); diff != "" {
		t.Errorf("in progress (-want +got):\n%s", diff)
	}
	tracker.ReportFailed(7, fmt.Errorf("asked twice: %w", &checkpoint.Failure{Reason: checkpoint.CheckpointExpired}), noon.Add(time.Minute))
	if diff := cmp.Diff(&want, before.Checkpoint(7)); diff != "" {
		t.Errorf("a snapshot changed after it was taken:\n%s", diff)
	}
	now := tracker.Snapshot()
	failed := now.LatestFailed
	if took, _ := failed.Duration(); took != time.Minute || failed.FailureReason != checkpoint.CheckpointExpired || failed.FailureMessage != "asked twice: CHECKPOINT_EXPIRED" {
		t.Errorf("failed after %s: %s, %q", took, failed.FailureReason, failed.FailureMessage)
	}
}

func TestDiscardedCheckpointsStay(t *testing.T) {
	tracker := statistics.NewTracker(3)
	begin(tracker, 1, own)
	tracker.ReportDiscarded(1) // it is not complete
	complete(tracker, 1)
	before := tracker.Snapshot()
	tracker.ReportDiscarded(1)
	tracker.ReportDiscarded(2)
	after := tracker.Snapshot()
	if before.History[0].Discarded || !after.History[0].Discarded || !after.LatestCompleted.Discarded {
		t.Errorf("before %t, after %t, latest %t", before.History[0].Discarded, after.History[0].Discarded, after.LatestCompleted.Discarded)
	}
	if after.Checkpoint(2) != nil {
		t.Error("a checkpoint that never was is known")
	}
}
