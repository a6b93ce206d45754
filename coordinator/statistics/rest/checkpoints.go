package rest

import (
	"github.com/cairnstate/cairn/coordinator/statistics"
)

// Statistics answer which checkpoints there were (Flink: CheckpointingStatistics).
type Statistics struct {
	Counts  Counts       `json:"counts"`
	Summary Summary      `json:"summary"`
	Latest  Latest       `json:"latest"`
	History []Checkpoint `json:"history"` // the youngest first
}

// Counts are numbers of checkpoints and savepoints.
type Counts struct {
	Restored   int64 `json:"restored"`
	Total      int64 `json:"total"`
	InProgress int64 `json:"in_progress"`
	Completed  int64 `json:"completed"`
	Failed     int64 `json:"failed"`
}

// Summary is of the completed ones.
type Summary struct {
	CheckpointedSize  Distribution `json:"checkpointed_size"`
	StateSize         Distribution `json:"state_size"`
	EndToEndDuration  Distribution `json:"end_to_end_duration"`
	AlignmentBuffered Distribution `json:"alignment_buffered"`
	ProcessedData     Distribution `json:"processed_data"`
	PersistedData     Distribution `json:"persisted_data"`
}

// Latest are the latest of each kind, or null.
type Latest struct {
	Completed *Checkpoint `json:"completed"`
	Savepoint *Checkpoint `json:"savepoint"`
	Failed    *Checkpoint `json:"failed"`
	Restored  *Restored   `json:"restored"`
}

// Restored is a checkpoint that the job went back to.
type Restored struct {
	ID               int64   `json:"id"`
	RestoreTimestamp int64   `json:"restore_timestamp"`
	IsSavepoint      bool    `json:"is_savepoint"`
	ExternalPath     *string `json:"external_path"`
}

// Checkpoints returns the answer about all checkpoints.
func Checkpoints(s statistics.Snapshot) Statistics {
	answer := Statistics{
		Counts: Counts(s.Counts),
		Summary: Summary{
			CheckpointedSize: distribution(s.Summary.CheckpointedSize), StateSize: distribution(s.Summary.StateSize),
			EndToEndDuration: distribution(s.Summary.Milliseconds), ProcessedData: distribution(s.Summary.ProcessedBytes),
			PersistedData: distribution(s.Summary.PersistedBytes),
		},
		Latest: Latest{
			Completed: short(s.LatestCompleted), Savepoint: short(s.LatestSavepoint), Failed: short(s.LatestFailed),
			Restored: restored(s.LatestRestored),
		},
		History: make([]Checkpoint, 0, len(s.History)),
	}
	for i := range s.History {
		answer.History = append(answer.History, *short(&s.History[i]))
	}
	return answer
}

func restored(r *statistics.RestoredCheckpoint) *Restored {
	if r == nil {
		return nil
	}
	return &Restored{
		ID: r.CheckpointID, RestoreTimestamp: timestamp(r.At), IsSavepoint: r.Properties.Type.Savepoint,
		ExternalPath: optional(r.ExternalPointer),
	}
}
