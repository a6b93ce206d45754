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
	var tracker statistics.Tracker
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 100 {
				tracker.ReportRestored(statistics.RestoredCheckpoint{})
				tracker.Snapshot()
			}
		})
	}
	wait.Wait()
	if got := tracker.Snapshot().Counts.Restored; got != 800 {
		t.Errorf("%d restores counted, want 800", got)
	}
}
