package failure

import (
	"errors"
	"fmt"
	"math"

	"github.com/cairnstate/cairn/checkpoint"
)

// Unlimited is the number of failures of who tolerates all.
const Unlimited int32 = math.MaxInt32

// UnknownID is the id of a checkpoint that failed before it had one.
const UnknownID int64 = -1

// ErrTooMany says that more checkpoints failed in a row than are tolerated.
var ErrTooMany = errors.New("exceeded checkpoint tolerable failure threshold")

// Manager counts failures (Flink: CheckpointFailureManager). It is for one goroutine
// at a time: the coordinator guards its own with its lock.
type Manager struct {
	tolerable     int32
	inARow        int32
	counted       map[int64]bool // ids that are in the count
	lastSucceeded int64
}

// NewManager returns a manager that tolerates so many failures in a row.
func NewManager(tolerable int32) *Manager {
	return &Manager{tolerable: tolerable, counted: map[int64]bool{}, lastSucceeded: math.MinInt64}
}

// PendingAborted counts a checkpoint that failed, and returns why the job must fail
// with it; nil if it need not. byTask says that a task is to blame, by what it said
// or by failing.
//
// The failure of a savepoint is its user's business, and counts only if a task is to
// blame. But a task that cannot take a savepoint which the job is to stop with leaves
// the others waiting for the stop: that fails the job at once.
func (m *Manager) PendingAborted(id int64, p checkpoint.Properties, f *checkpoint.Failure, byTask bool) (failJob error) {
	switch {
	case f.Reason.PreFlight() || !byTask:
		if p.Type.Savepoint {
			return nil
		}
	case stops(p):
		return fmt.Errorf("stop-with-savepoint %d: %w", id, f)
	}
	return m.count(id, f)
}

func stops(p checkpoint.Properties) bool {
	action := p.Type.Action
	return p.Type.Savepoint && (action == checkpoint.ActionSuspend || action == checkpoint.ActionTerminate)
}

func (m *Manager) count(id int64, f *checkpoint.Failure) error {
	overtaken := id != UnknownID && id <= m.lastSucceeded
	if overtaken || m.tolerable == Unlimited || !Counts(f.Reason) || m.counted[id] {
		return nil
	}
	if id != UnknownID {
		m.counted[id] = true
	}
	m.inARow++
	if m.inARow <= m.tolerable {
		return nil
	}
	failed := m.inARow
	m.clear()
	return fmt.Errorf("%w: %d in a row, the last was checkpoint %d: %w", ErrTooMany, failed, id, f)
}

// CheckpointSucceeded begins a new row, unless a newer checkpoint succeeded before.
func (m *Manager) CheckpointSucceeded(id int64) {
	if id > m.lastSucceeded {
		m.lastSucceeded = id
		m.clear()
	}
}

func (m *Manager) clear() {
	m.inARow = 0
	clear(m.counted)
}
