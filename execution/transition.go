package execution

import (
	"slices"

	"github.com/cairnstate/cairn/task"
)

// mayFollow reports whether an attempt may go from one state to another (Flink:
// Execution). Going forward may skip states: an attempt that runs has been
// initialized, whether or not that was heard of.
func mayFollow(from, to task.State) bool { return slices.Contains(next(from), to) }

func next(from task.State) []task.State {
	switch from {
	case task.Created:
		return []task.State{task.Deploying, task.Canceled}
	case task.Deploying:
		return []task.State{task.Initializing, task.Running, task.Finished, task.Canceling, task.Failed}
	case task.Initializing:
		return []task.State{task.Running, task.Finished, task.Canceling, task.Failed}
	case task.Running:
		return []task.State{task.Finished, task.Canceling, task.Failed}
	case task.Canceling:
		return []task.State{task.Canceled}
	}
	return nil
}
