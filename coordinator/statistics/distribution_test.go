package statistics_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/statistics"
	"github.com/cairnstate/cairn/task"
)

// took reports completed checkpoints that took so many milliseconds each.
func took(tracker *statistics.Tracker, milliseconds ...int) {
	for _, ms := range milliseconds {
		tracker.ReportPending(statistics.Pending{CheckpointID: 1, Properties: own, Triggered: noon,
			Tasks: []statistics.TaskSize{{Vertex: vertex, Subtasks: 1}}})
		tracker.ReportTaskAcknowledged(1, attempt(vertex, 0), noon.Add(time.Duration(ms)*time.Millisecond), task.Metrics{})
		tracker.ReportCompleted(1, "", 0)
	}
}

// The expected percentiles are those of org.apache.commons.math3.stat.descriptive.rank.Percentile.
func TestPercentiles(t *testing.T) {
	for _, c := range []struct {
		values []int
		want   statistics.Distribution
	}{
		{nil, statistics.Distribution{}},
		{[]int{5}, statistics.Distribution{Count: 1, Min: 5, Max: 5, Sum: 5, P50: 5, P90: 5, P95: 5, P99: 5, P999: 5}},
		{[]int{20, 10}, statistics.Distribution{Count: 2, Min: 10, Max: 20, Sum: 30, P50: 15, P90: 20, P95: 20, P99: 20, P999: 20}},
		{[]int{7, 1, 3, 5, 9, 2, 4, 6, 8, 30}, statistics.Distribution{Count: 10, Min: 1, Max: 30, Sum: 75, P50: 5.5, P90: 27.900000000000006, P95: 30, P99: 30, P999: 30}},
	} {
		tracker := statistics.NewTracker(0)
		took(tracker, c.values...)
		if got := tracker.Snapshot().Summary.Milliseconds; got != c.want {
			t.Errorf("%v: %+v, want %+v", c.values, got, c.want)
		}
	}
}

// TestPercentilesForgetWhatIsLongAgo has ten thousand checkpoints of a second after one
// of an hour.
func TestPercentilesForgetWhatIsLongAgo(t *testing.T) {
	tracker := statistics.NewTracker(0)
	took(tracker, 3_600_000)
	for range 9_999 {
		took(tracker, 1000)
	}
	before := tracker.Snapshot().Summary.Milliseconds
	took(tracker, 1000, 2000, 1000)
	after := tracker.Snapshot().Summary.Milliseconds
	if before.Max != 3_600_000 || after.Max != 3_600_000 || after.Count != 10_003 {
		t.Errorf("minimum, maximum and count are those of all: %+v, %+v", before, after)
	}
	if after.P50 != 1000 || after.P999 != 1000 {
		t.Errorf("percentiles are those of the latest 10,000: %+v", after)
	}
	if got := after.Average(); got != (3_600_000+9_999*1000+4000)/10_003 {
		t.Errorf("average %d", got)
	}
}

func TestTaskSummaryIsOfThoseWhoAcknowledged(t *testing.T) {
	tracker := statistics.NewTracker(1)
	tracker.ReportPending(statistics.Pending{CheckpointID: 1, Properties: own, Triggered: noon,
		Tasks: []statistics.TaskSize{{Vertex: vertex, Subtasks: 4}}})
	for subtask := range int32(3) {
		n := time.Duration(subtask + 1)
		tracker.ReportTaskAcknowledged(1, attempt(vertex, subtask), noon.Add(n*time.Second), task.Metrics{
			FullStateBytes: int64(n), CheckpointedBytes: 10 * int64(n), BytesProcessed: 100 * int64(n), BytesPersisted: 1000 * int64(n),
			SyncDuration: n * time.Millisecond, AsyncDuration: 10 * n * time.Millisecond,
			Alignment: 100 * n * time.Millisecond, StartDelay: 1000 * n * time.Millisecond,
		})
	}
	now := tracker.Snapshot()
	got := now.History[0].Tasks[0].Summary(noon)
	for name, d := range map[string]struct {
		got    statistics.Distribution
		factor int64
	}{
		"duration": {got.Milliseconds, 1000}, "state": {got.StateSize, 1}, "checkpointed": {got.CheckpointedSize, 10},
		"processed": {got.ProcessedBytes, 100}, "persisted": {got.PersistedBytes, 1000},
		"sync": {got.SyncMilliseconds, 1}, "async": {got.AsyncMilliseconds, 10},
		"alignment": {got.AlignmentMilliseconds, 100}, "start delay": {got.StartDelayMilliseconds, 1000},
	} {
		f := float64(d.factor)
		want := statistics.Distribution{Count: 3, Min: d.factor, Max: 3 * d.factor, Sum: 6 * d.factor, P50: 2 * f, P90: 3 * f, P95: 3 * f, P99: 3 * f, P999: 3 * f}
		if d.got != want {
			t.Errorf("%s: %+v, want %+v", name, d.got, want)
		}
	}
}

// large is a job of 1,000 subtasks in 10 vertices.
func large(id int64) (p statistics.Pending, attempts []task.ExecutionAttempt) {
	p = statistics.Pending{CheckpointID: id, Properties: own, Triggered: noon}
	for v := range byte(10) {
		p.Tasks = append(p.Tasks, statistics.TaskSize{Vertex: checkpoint.JobVertexID{v}, Subtasks: 100})
		for s := range int32(100) {
			attempts = append(attempts, attempt(checkpoint.JobVertexID{v}, s))
		}
	}
	return p, attempts
}

// TestNothingGrows would find 100 kB for each checkpoint.
func TestNothingGrows(t *testing.T) {
	tracker := statistics.NewTracker(10)
	heapAfter := func(from, to int64) uint64 {
		for id := from; id < to; id++ {
			p, attempts := large(id)
			tracker.ReportPending(p)
			for _, a := range attempts {
				tracker.ReportTaskAcknowledged(id, a, noon, task.Metrics{})
			}
			if id%2 == 0 {
				tracker.ReportCompleted(id, "", 0)
			} else {
				tracker.ReportFailed(id, nil, noon)
			}
			tracker.Snapshot()
		}
		var heap runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&heap)
		return heap.HeapAlloc
	}
	young, old := heapAfter(0, 100), heapAfter(100, 500)
	if old > young+5<<20 {
		t.Errorf("%d bytes after 100 checkpoints, %d after 500", young, old)
	}
	runtime.KeepAlive(tracker)
}

// BenchmarkCheckpoint is all that is told of one checkpoint of 1,000 subtasks.
func BenchmarkCheckpoint(b *testing.B) {
	tracker := statistics.NewTracker(10)
	b.ReportAllocs()
	for id := int64(1); b.Loop(); id++ {
		p, attempts := large(id)
		tracker.ReportPending(p)
		for _, a := range attempts {
			tracker.ReportTaskAcknowledged(id, a, noon, task.Metrics{})
		}
		tracker.ReportCompleted(id, "", 0)
	}
}

// BenchmarkSnapshot is a snapshot after each acknowledgement of a checkpoint of 1,000
// subtasks, with ten in the history.
func BenchmarkSnapshot(b *testing.B) {
	tracker := statistics.NewTracker(10)
	var attempts []task.ExecutionAttempt
	for id := range int64(10) {
		var p statistics.Pending
		p, attempts = large(id + 1)
		tracker.ReportPending(p)
		if id < 9 {
			tracker.ReportCompleted(id+1, "", 0)
		}
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		tracker.ReportTaskAcknowledged(10, attempts[i%len(attempts)], noon, task.Metrics{})
		tracker.Snapshot()
	}
}
