package statistics

// Counts are numbers of events since the tracker was made.
type Counts struct {
	Restored   int64
	Total      int64 // of checkpoints and savepoints
	InProgress int64
	Completed  int64
	Failed     int64
}

// Snapshot is the statistics at one moment (Flink: CheckpointStatsSnapshot). Lists in it
// may be shared with other snapshots, and must not be changed.
type Snapshot struct {
	Counts  Counts
	Summary Summary

	// The latest of each kind, by id; nil if there is none.
	LatestCompleted *Checkpoint // that is no savepoint
	LatestSavepoint *Checkpoint
	LatestFailed    *Checkpoint

	// Last is the checkpoint or savepoint that was completed last; nil if none was.
	Last *Checkpoint

	// LatestRestored is nil if nothing was restored yet.
	LatestRestored *RestoredCheckpoint

	// History are the latest checkpoints and savepoints, the youngest first.
	History []Checkpoint
}

// Snapshot returns the statistics as they are now.
func (t *Tracker) Snapshot() Snapshot {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.current == nil {
		t.current = t.snapshot()
	}
	snapshot := *t.current
	if t.restored != nil {
		restored := *t.restored
		snapshot.LatestRestored = &restored
	}
	return snapshot
}

func (t *Tracker) snapshot() *Snapshot {
	return &Snapshot{
		Counts:          t.counts,
		Summary:         t.windows.summary(),
		LatestCompleted: valueOf(t.history.completed),
		LatestSavepoint: valueOf(t.history.savepoint),
		LatestFailed:    valueOf(t.history.failed),
		Last:            valueOf(t.history.last),
		History:         t.history.youngest(),
	}
}

// Checkpoint returns what is known of a checkpoint; nil if it is not remembered.
func (s *Snapshot) Checkpoint(id int64) *Checkpoint {
	for i := range s.History {
		if s.History[i].ID == id {
			return &s.History[i]
		}
	}
	for _, latest := range []*Checkpoint{s.LatestCompleted, s.LatestSavepoint, s.LatestFailed} {
		if latest != nil && latest.ID == id {
			return latest
		}
	}
	return nil
}
