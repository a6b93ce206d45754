package execution

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/task"
)

func TestTaskTransitions(t *testing.T) {
	states := []task.State{task.Created, task.Deploying, task.Initializing, task.Running, task.Finished, task.Canceling, task.Canceled, task.Failed}
	wantTable(t, states, mayFollow, `
CREATED       DEPLOYING CANCELED
DEPLOYING     INITIALIZING RUNNING FINISHED CANCELING FAILED
INITIALIZING  RUNNING FINISHED CANCELING FAILED
RUNNING       FINISHED CANCELING FAILED
FINISHED
CANCELING     CANCELED
CANCELED
FAILED
`)
}

func TestJobTransitions(t *testing.T) {
	statuses := []JobStatus{Created, Running, Restarting, Failing, Cancelling, Finished, Cancelled, Failed, Suspended}
	wantTable(t, statuses, JobStatus.mayBecome, `
CREATED       RUNNING FAILING CANCELLING SUSPENDED
RUNNING       RESTARTING FAILING CANCELLING FINISHED SUSPENDED
RESTARTING    RUNNING FAILING CANCELLING SUSPENDED
FAILING       CANCELLING FAILED SUSPENDED
CANCELLING    CANCELED SUSPENDED
FINISHED
CANCELED
FAILED
SUSPENDED
`)
	for _, s := range statuses {
		if last := s == Finished || s == Cancelled || s == Failed || s == Suspended; s.Terminal() != last {
			t.Errorf("%s: terminal %t", s, s.Terminal())
		}
	}
}

func wantTable[T ~string](t *testing.T, all []T, may func(from, to T) bool, want string) {
	t.Helper()
	var got strings.Builder
	for _, from := range all {
		line := fmt.Sprintf("%-13s", from)
		for _, to := range all {
			if may(from, to) {
				line += " " + string(to)
			}
		}
		got.WriteString("\n" + strings.TrimSpace(line))
	}
	if diff := cmp.Diff(strings.TrimSpace(want), strings.TrimSpace(got.String())); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
