package statistics

import (
	"sync"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
)

// RestoredCheckpoint is one successful restore (Flink: RestoredCheckpointStats).
type RestoredCheckpoint struct {
	CheckpointID    int64
	Properties      checkpoint.Properties // as they are in this job
	ExternalPointer string
	StateSize       int64         // bytes, as Flink counts them
	At              time.Time     // when it was done
	Duration        time.Duration // of the decisions, the hooks and the coordinators; not of reading state
}

// Counts are numbers of events since the tracker was made.
type Counts struct {
	Restored int64
}

// Snapshot is the statistics at one moment.
type Snapshot struct {
	Counts Counts
	// LatestRestored is nil if nothing was restored yet.
	LatestRestored *RestoredCheckpoint
}

// Tracker keeps the statistics of one job. Its zero value is empty and ready. It
// is safe for use by many goroutines at once.
type Tracker struct {
	mu     sync.Mutex
	counts Counts
	latest *RestoredCheckpoint
}

// ReportRestored records a restore. Only the latest is kept.
func (t *Tracker) ReportRestored(restored RestoredCheckpoint) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counts.Restored++
	t.latest = &restored
}

// Snapshot returns the statistics as they are now.
func (t *Tracker) Snapshot() Snapshot {
	t.mu.Lock()
	defer t.mu.Unlock()
	snapshot := Snapshot{Counts: t.counts}
	if t.latest != nil {
		latest := *t.latest
		snapshot.LatestRestored = &latest
	}
	return snapshot
}
