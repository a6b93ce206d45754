package coordinator

import (
	"context"
	"sync"

	"github.com/cairnstate/cairn/coordinator/completed"
)

// IDCounter numbers the checkpoints of a job (Flink: CheckpointIDCounter). No two
// checkpoints of a job may have one number, not even over failures, so a job that
// survives its coordinator needs a counter that does. It is safe for use by many
// goroutines at once.
type IDCounter interface {
	// Get returns the id that the next checkpoint will have.
	Get(ctx context.Context) (int64, error)

	// GetAndIncrement takes an id.
	GetAndIncrement(ctx context.Context) (int64, error)

	// SetCount makes next the id of the next checkpoint, even if that is lower
	// than before.
	SetCount(ctx context.Context, next int64) error

	// Shutdown ends it. A counter that survives the process forgets the count if
	// the end is globally terminal, and only then. It is called once, last.
	Shutdown(ctx context.Context, status completed.JobStatus) error
}

// StandaloneIDCounter counts in memory (Flink: StandaloneCheckpointIDCounter).
// None of its methods fails. [NewStandaloneIDCounter] makes one.
type StandaloneIDCounter struct {
	mu   sync.Mutex
	next int64
}

// NewStandaloneIDCounter returns a counter whose first id is 1.
func NewStandaloneIDCounter() *StandaloneIDCounter { return &StandaloneIDCounter{next: 1} }

// Get returns the id that the next checkpoint will have.
func (c *StandaloneIDCounter) Get(context.Context) (int64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.next, nil
}

// GetAndIncrement takes an id.
func (c *StandaloneIDCounter) GetAndIncrement(context.Context) (int64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next++
	return c.next - 1, nil
}

// SetCount makes next the id of the next checkpoint.
func (c *StandaloneIDCounter) SetCount(_ context.Context, next int64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next = next
	return nil
}

// Shutdown does nothing.
func (c *StandaloneIDCounter) Shutdown(context.Context, completed.JobStatus) error { return nil }
