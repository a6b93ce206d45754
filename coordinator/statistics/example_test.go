package statistics_test

import (
	"fmt"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/statistics"
	"github.com/cairnstate/cairn/task"
)

func Example() {
	noon := time.Date(2026, time.November, 25, 12, 0, 0, 0, time.UTC)
	count := checkpoint.JobVertexID(checkpoint.OperatorIDFromUID("count"))
	var tracker statistics.Tracker
	tracker.ReportPending(statistics.Pending{
		CheckpointID: 7, Properties: checkpoint.CheckpointProperties(checkpoint.RetainOnCancellation), Triggered: noon,
		Tasks: []statistics.TaskSize{{Vertex: count, Subtasks: 2}},
	})
	for subtask, seconds := range []time.Duration{2, 9} {
		tracker.ReportTaskAcknowledged(7, task.ExecutionAttempt{Vertex: count, Subtask: int32(subtask)}, noon.Add(seconds*time.Second),
			task.Metrics{FullStateBytes: 1000, CheckpointedBytes: 10})
	}
	tracker.ReportCompleted(7, "s3://bucket/job/chk-7", 512)

	now := tracker.Snapshot()
	last := now.LatestCompleted
	took, _ := last.Duration()
	fmt.Println(now.Counts.Completed, "completed, the latest", last.ExternalPointer, "in", took)
	fmt.Println(last.CheckpointedSize, "bytes written, for", last.StateSize, "bytes of state")
	slowest := last.Tasks[0].Summary(last.Triggered).Milliseconds
	fmt.Println("subtasks took", slowest.Min, "to", slowest.Max, "ms")
	// Output:
	// 1 completed, the latest s3://bucket/job/chk-7 in 9s
	// 20 bytes written, for 2000 bytes of state
	// subtasks took 2000 to 9000 ms
}
