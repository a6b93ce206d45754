package operator_test

import (
	"context"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/operator"
	"github.com/cairnstate/cairn/coordinator/work"
	"github.com/cairnstate/cairn/task"
)

// splits hands out one split to each subtask that asks.
type splits struct {
	next    int
	readers map[int32]*operator.Subtask
}

func (c *splits) Start(context.Context) error          { return nil }
func (c *splits) Close() error                         { return nil }
func (c *splits) SubtaskReady(s *operator.Subtask)     { c.readers[s.Index()] = s }
func (c *splits) SubtaskFailed(subtask int32, _ error) { delete(c.readers, subtask) }
func (c *splits) SubtaskReset(int32, int64)            {}
func (c *splits) NotifyCheckpointComplete(int64)       {}
func (c *splits) NotifyCheckpointAborted(int64)        {}

func (c *splits) HandleEvent(subtask int32, _ []byte) error {
	c.next++
	return c.readers[subtask].SendEvent(fmt.Appendf(nil, "split %d", c.next))
}

func (c *splits) Checkpoint(context.Context, int64, func()) ([]byte, error) {
	return fmt.Append(nil, c.next), nil
}

func (c *splits) ResetToCheckpoint(_ context.Context, _ int64, state []byte) error {
	c.next = 0
	_, err := fmt.Sscan(string(state), &c.next)
	return err
}

// reader is a subtask.
type reader struct{}

func (reader) SendOperatorEvent(_ context.Context, _ checkpoint.OperatorID, event []byte) error {
	fmt.Printf("subtask: %s\n", event)
	return nil
}

// The second split is asked for after the coordinator's snapshot, and so is not in
// the subtask's.
func Example() {
	goroutines := new(work.Goroutines)
	holder := operator.New(checkpoint.OperatorIDFromUID("source"), &splits{readers: make(map[int32]*operator.Subtask)},
		&operator.Options{Executor: goroutines})
	attempt := task.ExecutionAttempt{Subtask: 3}
	holder.SubtaskReady(attempt, reader{})
	_ = holder.HandleEvent(attempt, []byte("more"))
	goroutines.Wait()

	holder.Checkpoint(context.Background(), 7, func(state []byte, _ error) { fmt.Printf("state: %s\n", state) })
	_ = holder.HandleEvent(attempt, []byte("more"))
	goroutines.Wait()
	fmt.Println("acknowledged")
	holder.Acknowledged(7, attempt)
	goroutines.Wait()
	_ = holder.Close()
	// Output:
	// subtask: split 1
	// state: 1
	// acknowledged
	// subtask: split 2
}
