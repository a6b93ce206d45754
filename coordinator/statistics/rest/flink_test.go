package rest_test

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/statistics"
	"github.com/cairnstate/cairn/coordinator/statistics/rest"
	"github.com/cairnstate/cairn/task"
)

// recorded is what Flink 2.3.0 answered.
func recorded(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile("../../../testdata/flink-rest/2.3.0/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

// same compares an answer with that of Flink: every field, and no other.
func same(t *testing.T, name string, answer any, options ...cmp.Option) {
	t.Helper()
	var want, got any
	recorded(t, name, &want)
	data, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, options...); diff != "" {
		t.Errorf("%s (-Flink +cairn):\n%s", name, diff)
	}
}

// whereFlinkHasNone passes over percentiles of tasks: Flink says "NaN".
func whereFlinkHasNone() cmp.Option {
	none := func(v any) bool { return v == "NaN" }
	number := func(v any) bool { _, is := v.(float64); return is }
	return cmp.FilterValues(func(x, y any) bool { return none(x) && number(y) || number(x) && none(y) }, cmp.Ignore())
}

// history is what is needed of a recorded answer to play it again.
type history struct {
	Counts struct{ Total, Restored int }
	Latest struct {
		Restored struct {
			ID   int64
			At   int64  `json:"restore_timestamp"`
			Path string `json:"external_path"`
		}
	}
	History []played
}

type played struct {
	ID                 int64
	Status             statistics.Status
	Savepoint          bool   `json:"is_savepoint"`
	Triggered          int64  `json:"trigger_timestamp"`
	Acknowledged       int64  `json:"latest_ack_timestamp"`
	CheckpointedSize   int64  `json:"checkpointed_size"`
	StateSize          int64  `json:"state_size"`
	Processed          int64  `json:"processed_data"`
	Persisted          int64  `json:"persisted_data"`
	AcknowledgedNumber int    `json:"num_acknowledged_subtasks"`
	Path               string `json:"external_path"`
	Discarded          bool
	FailedAt           int64  `json:"failure_timestamp"`
	Message            string `json:"failure_message"`
}

var (
	source = checkpoint.JobVertexID(checkpoint.OperatorID{0xcb, 0xc3, 0x57, 0xcc, 0xb7, 0x63, 0xdf, 0x28, 0x52, 0xfe, 0xe8, 0xc4, 0xfc, 0x7d, 0x55, 0xf2})
	count  = checkpoint.JobVertexID(checkpoint.OperatorIDFromUID("count"))
)

// replay tells a tracker what Flink's was told: its job had two vertices of two
// subtasks.
func replay(t *testing.T) statistics.Snapshot {
	t.Helper()
	var h history
	recorded(t, "checkpoints.json", &h)
	tracker := statistics.NewTracker(100)
	for range h.Counts.Total - len(h.History) {
		tracker.ReportFailedBeforePending()
	}
	for range h.Counts.Restored {
		tracker.ReportRestored(statistics.RestoredCheckpoint{CheckpointID: h.Latest.Restored.ID, At: time.UnixMilli(h.Latest.Restored.At), ExternalPointer: h.Latest.Restored.Path})
	}
	for _, c := range slices.Backward(h.History) {
		begin(tracker, c)
		if c.Status == statistics.InProgress {
			acknowledgeAsRecorded(t, tracker, c.ID)
			continue
		}
		acknowledge(tracker, c)
		end(tracker, c)
	}
	return tracker.Snapshot()
}

func begin(tracker *statistics.Tracker, c played) {
	properties := checkpoint.CheckpointProperties(checkpoint.NeverRetainAfterTermination)
	if c.Savepoint {
		properties = checkpoint.SavepointProperties(checkpoint.Canonical, checkpoint.ActionNone, true)
	}
	tracker.ReportPending(statistics.Pending{CheckpointID: c.ID, Properties: properties, Triggered: time.UnixMilli(c.Triggered),
		Tasks: []statistics.TaskSize{{Vertex: source, Subtasks: 2}, {Vertex: count, Subtasks: 2}}})
}

// acknowledge gives the last subtask all that is known of the whole.
func acknowledge(tracker *statistics.Tracker, c played) {
	for i := range c.AcknowledgedNumber {
		var m task.Metrics
		if i == c.AcknowledgedNumber-1 {
			m = task.Metrics{CheckpointedBytes: c.CheckpointedSize, FullStateBytes: c.StateSize, BytesProcessed: c.Processed, BytesPersisted: c.Persisted}
		}
		attempt := task.ExecutionAttempt{Vertex: []checkpoint.JobVertexID{source, count}[i/2], Subtask: int32(i % 2)}
		tracker.ReportTaskAcknowledged(c.ID, attempt, time.UnixMilli(c.Acknowledged), m)
	}
}

func end(tracker *statistics.Tracker, c played) {
	if c.Status == statistics.Failed {
		tracker.ReportFailed(c.ID, errors.New(c.Message), time.UnixMilli(c.FailedAt))
		return
	}
	tracker.ReportCompleted(c.ID, c.Path, 0)
	if c.Discarded {
		tracker.ReportDiscarded(c.ID)
	}
}

// acknowledgeAsRecorded has subtasks acknowledge one after another.
func acknowledgeAsRecorded(t *testing.T, tracker *statistics.Tracker, id int64) {
	t.Helper()
	var told []func()
	var at []int64
	for name, vertex := range map[string]checkpoint.JobVertexID{"checkpoint-count.json": count, "checkpoint-source.json": source} {
		var answer struct{ Subtasks []rest.Subtask }
		recorded(t, name, &answer)
		for _, s := range answer.Subtasks {
			if s.Acknowledged == nil {
				continue
			}
			place, _ := slices.BinarySearch(at, s.Timestamp)
			at = slices.Insert(at, place, s.Timestamp)
			told = slices.Insert(told, place, func() {
				attempt := task.ExecutionAttempt{Vertex: vertex, Subtask: int32(s.Index)}
				tracker.ReportTaskAcknowledged(id, attempt, time.UnixMilli(s.Timestamp), metricsOf(s))
			})
		}
	}
	for _, tell := range told {
		tell()
	}
}

func metricsOf(s rest.Subtask) task.Metrics {
	return task.Metrics{
		CheckpointedBytes: s.CheckpointedSize, FullStateBytes: s.StateSize,
		SyncDuration: millis(s.Checkpoint.Sync), AsyncDuration: millis(s.Checkpoint.Async),
		Alignment: millis(s.Alignment.Duration), StartDelay: millis(s.StartDelay),
		BytesProcessed: s.Alignment.Processed, BytesPersisted: s.Alignment.Persisted, UnalignedCheckpoint: s.Unaligned,
	}
}

func millis(n int64) time.Duration { return time.Duration(n) * time.Millisecond }

func TestAnswersAreThoseOfFlink(t *testing.T) {
	same(t, "checkpoints-none.json", rest.Checkpoints(statistics.Snapshot{}))
	now := replay(t)
	same(t, "checkpoints.json", rest.Checkpoints(now))
	inProgress := now.Checkpoint(now.History[0].ID)
	same(t, "checkpoint.json", rest.CheckpointOf(inProgress))
	for name, vertex := range map[string]checkpoint.JobVertexID{"checkpoint-count.json": count, "checkpoint-source.json": source} {
		details, found := rest.TaskOf(inProgress, vertex)
		if !found {
			t.Fatalf("no task %s", vertex)
		}
		same(t, name, details, whereFlinkHasNone())
	}
}
