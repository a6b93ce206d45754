package failure_test

import (
	"errors"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/failure"
)

// One failure is tolerated; a second in a row fails the job.
func Example() {
	m := failure.NewManager(1)
	properties := checkpoint.CheckpointProperties(checkpoint.RetainOnFailure)
	expired := &checkpoint.Failure{Reason: checkpoint.CheckpointExpired}
	fmt.Println(m.PendingAborted(1, properties, expired, false))
	m.CheckpointSucceeded(2)
	fmt.Println(m.PendingAborted(3, properties, expired, false))
	err := m.PendingAborted(4, properties, expired, false)
	fmt.Println(errors.Is(err, failure.ErrTooMany))
	// Output:
	// <nil>
	// <nil>
	// true
}
