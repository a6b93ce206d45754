package completed

import (
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
)

// Checkpoint is a completed checkpoint, or a savepoint that was restored (Flink:
// CompletedCheckpoint). It must not be changed once it is in a store.
type Checkpoint struct {
	ID           int64
	Operators    []checkpoint.OperatorState
	MasterStates []checkpoint.MasterState

	// Properties say what discards it in this job.
	Properties checkpoint.Properties

	// CreatedAs are the properties that it was made with, by whichever job made
	// it; nil if unknown (before Flink 1.16).
	CreatedAs *checkpoint.Properties

	// Owned says that this job may delete the checkpoint's files. It is set for
	// what the job made itself and for what it claimed. A store that survives
	// the job must bring it back as it was, and without knowing, false.
	Owned bool

	// Triggered and Completed are zero for a checkpoint of another job.
	Triggered, Completed time.Time

	// Location is where it is.
	Location storage.CompletedCheckpointStorageLocation
}

// ExternalPointer is the pointer that finds the checkpoint again.
func (c *Checkpoint) ExternalPointer() string { return c.Location.ExternalPointer() }

// IsSavepoint reports whether it counts as a savepoint in this job. A claimed
// savepoint does not: the job treats it as a checkpoint of its own.
func (c *Checkpoint) IsSavepoint() bool { return c.Properties.Type.Savepoint }

// Sharing is the strategy that it was created with; empty if unknown.
func (c *Checkpoint) Sharing() checkpoint.SharingFilesStrategy {
	if c.CreatedAs == nil {
		return ""
	}
	return c.CreatedAs.Type.Sharing
}

// StateSize is the number of bytes of its state as Flink counts them:
// coordinators and all handles, without master states and metadata.
func (c *Checkpoint) StateSize() int64 {
	var size int64
	for i := range c.Operators {
		size += c.Operators[i].StateSize()
	}
	return size
}
