package statistics_test

import (
	"sync"
	"testing"

	"github.com/cairnstate/cairn/coordinator/statistics"
)

func TestTrackerKeepsTheLatest(t *testing.T) {
	var tracker statistics.Tracker
	if got := tracker.Snapshot(); got.LatestRestored != nil || got.Counts.Restored != 0 {
		t.Errorf("a new tracker: %+v", got)
	}
	tracker.ReportRestored(statistics.RestoredCheckpoint{CheckpointID: 17})
	first := tracker.Snapshot()
	tracker.ReportRestored(statistics.RestoredCheckpoint{CheckpointID: 18})
	second := tracker.Snapshot()
	if first.LatestRestored.CheckpointID != 17 || first.Counts.Restored != 1 {
		t.Errorf("a snapshot changed after it was taken: %+v", first)
	}
	if second.LatestRestored.CheckpointID != 18 || second.Counts.Restored != 2 {
		t.Errorf("after two restores: %+v", second)
	}
	second.LatestRestored.CheckpointID = 0
	if tracker.Snapshot().LatestRestored.CheckpointID != 18 {
		t.Error("a snapshot is the tracker's own")
	}
}

func TestTrackerCountsFromManyGoroutines(t *testing.T) {
	tracker := statistics.NewTracker(3)
	var wait sync.WaitGroup
	for worker := range int64(8) {
		wait.Go(func() {
			for i := range int64(100) {
				id := 100*worker + i
				tracker.ReportRestored(statistics.RestoredCheckpoint{})
				begin(tracker, id, own)
				tracker.Snapshot()
				complete(tracker, id)
			}
		})
	}
	wait.Wait()
	want := statistics.Counts{Restored: 800, Total: 800, Completed: 800}
	if got := tracker.Snapshot(); got.Counts != want || got.Summary.StateSize.Sum != 800*300 || len(got.History) != 3 {
		t.Errorf("%+v, %+v, %d in the history", got.Counts, got.Summary.StateSize, len(got.History))
	}
}
