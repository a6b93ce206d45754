package rest_test

import (
	"fmt"
	"net/http/httptest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/statistics"
	"github.com/cairnstate/cairn/coordinator/statistics/rest"
)

func ExampleHandler() {
	var tracker statistics.Tracker // a coordinator has one, and Statistics is its Snapshot
	tracker.ReportRestored(statistics.RestoredCheckpoint{CheckpointID: 17, At: time.UnixMilli(5000), ExternalPointer: "s3://b/chk-17"})

	job := checkpoint.JobID{0xca, 0x11}
	handler := rest.Handler(job, tracker.Snapshot)

	response := httptest.NewRecorder()
	handler.ServeHTTP(response, httptest.NewRequest("GET", "/jobs/"+job.String()+"/checkpoints", nil))
	fmt.Printf("%.78s...\n", response.Body)
	fmt.Println(rest.Checkpoints(tracker.Snapshot()).Latest.Restored.RestoreTimestamp)
	// Output:
	// {"counts":{"restored":1,"total":0,"in_progress":0,"completed":0,"failed":0},"s...
	// 5000
}
