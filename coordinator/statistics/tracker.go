package statistics

import (
	"sync"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/task"
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

// Pending is a checkpoint that begins.
type Pending struct {
	CheckpointID int64
	Properties   checkpoint.Properties
	Triggered    time.Time
	Tasks        []TaskSize // of all vertices of the job, in its order

	// Finished are attempts that had finished before: they count as acknowledged.
	Finished []task.ExecutionAttempt
}

// TaskSize is a vertex and the number of its subtasks.
type TaskSize struct {
	Vertex   checkpoint.JobVertexID
	Subtasks int
}

// Tracker keeps the statistics of one job. Its zero value is empty and remembers
// [DefaultHistory] checkpoints. It is safe for use by many goroutines at once, and never
// keeps one for long.
type Tracker struct {
	mu       sync.Mutex
	size     int
	sized    bool
	counts   Counts
	restored *RestoredCheckpoint
	pending  map[int64]*record
	history  history
	windows  windows
	current  *Snapshot // nil if something has changed since
}

// NewTracker returns a tracker that remembers so many checkpoints: 0 for none but the
// latest of each kind.
func NewTracker(history int) *Tracker { return &Tracker{size: max(0, history), sized: true} }

// change locks the tracker, and has the next snapshot made anew.
func (t *Tracker) change() {
	t.mu.Lock()
	t.current = nil
	if t.pending == nil {
		t.pending = make(map[int64]*record)
	}
	if !t.sized {
		t.size, t.sized = DefaultHistory, true
	}
}

// ReportRestored records a restore. Only the latest is kept.
func (t *Tracker) ReportRestored(restored RestoredCheckpoint) {
	t.change()
	defer t.mu.Unlock()
	t.counts.Restored++
	t.restored = &restored
}

// ReportPending records that a checkpoint begins. It must end by ReportCompleted or
// ReportFailed.
func (t *Tracker) ReportPending(p Pending) {
	r := newRecord(p)
	t.change()
	defer t.mu.Unlock()
	t.counts.Total++
	t.counts.InProgress++
	t.pending[p.CheckpointID] = r
	t.history.begin(r, t.size)
}

// ReportTaskAcknowledged records what a subtask did. It is passed over if the
// checkpoint has ended, or the subtask has acknowledged it before.
func (t *Tracker) ReportTaskAcknowledged(checkpointID int64, attempt task.ExecutionAttempt, at time.Time, m task.Metrics) {
	t.change()
	defer t.mu.Unlock()
	if r, begun := t.pending[checkpointID]; begun {
		r.acknowledge(attempt, at, m)
	}
}

// ReportCompleted records that a checkpoint is complete.
func (t *Tracker) ReportCompleted(checkpointID int64, externalPointer string, metadataSize int64) {
	t.change()
	defer t.mu.Unlock()
	t.counts.Completed++
	t.end(checkpointID, func(c *Checkpoint) {
		c.Status, c.ExternalPointer, c.MetadataSize = Completed, externalPointer, metadataSize
		t.windows.add(c)
	})
}

// ReportFailed records that a checkpoint will not be complete, and why.
func (t *Tracker) ReportFailed(checkpointID int64, cause error, at time.Time) {
	t.change()
	defer t.mu.Unlock()
	t.counts.Failed++
	t.end(checkpointID, func(c *Checkpoint) {
		c.Status, c.FailedAt = Failed, at
		c.FailureReason = checkpoint.ReasonOf(cause, "")
		if cause != nil {
			c.FailureMessage = cause.Error()
		}
	})
}

// ReportFailedBeforePending records that a checkpoint did not even begin. It has no
// place in the history.
func (t *Tracker) ReportFailedBeforePending() {
	t.change()
	defer t.mu.Unlock()
	t.counts.Total++
	t.counts.Failed++
}

// ReportDiscarded records that a completed checkpoint is not there any more.
func (t *Tracker) ReportDiscarded(checkpointID int64) {
	t.change()
	defer t.mu.Unlock()
	if r := t.history.find(checkpointID); r != nil {
		r.checkpoint.Discarded = true
	}
}

// end counts down, unless the checkpoint never began.
func (t *Tracker) end(checkpointID int64, change func(*Checkpoint)) {
	r, begun := t.pending[checkpointID]
	if !begun {
		return
	}
	delete(t.pending, checkpointID)
	t.counts.InProgress--
	change(&r.checkpoint)
	r.vertices = nil
	t.history.end(r)
}
