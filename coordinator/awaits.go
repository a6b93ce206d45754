package coordinator

import (
	"fmt"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
)

// states returns what subtasks have reported.
func (t *taking) states() []*checkpoint.OperatorSubtaskState {
	var states []*checkpoint.OperatorSubtaskState
	for _, snapshot := range t.Snapshots() {
		states = append(states, operatorStates(snapshot)...)
	}
	return states
}

// awaits tells people whom a checkpoint waits for. A few names are enough to know
// where to look.
func (t *taking) awaits() string {
	const shown = 3
	var names []string
	for attempt := range t.Outstanding() {
		if len(names) == shown {
			names = append(names, "…")
			break
		}
		names = append(names, attempt.String())
	}
	if len(names) == 0 {
		return "the coordinator's side: the location, operator coordinators, or master hooks"
	}
	return fmt.Sprintf("%d of %d tasks: %s", t.Tasks()-t.Acknowledged(), t.Tasks(), strings.Join(names, ", "))
}
