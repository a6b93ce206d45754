package statistics_test

import (
	"fmt"

	"github.com/cairnstate/cairn/coordinator/statistics"
)

func Example() {
	var tracker statistics.Tracker
	tracker.ReportRestored(statistics.RestoredCheckpoint{CheckpointID: 17, ExternalPointer: "s3://b/savepoint-1a2b3c"})

	now := tracker.Snapshot()
	fmt.Println(now.Counts.Restored, "restored, the latest from", now.LatestRestored.ExternalPointer)
	// Output: 1 restored, the latest from s3://b/savepoint-1a2b3c
}
