package coordinator

import (
	"errors"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/task"
)

// Who reads the log at night reads the reason once, and then the cause.
func TestTheReasonIsToldOnce(t *testing.T) {
	disk := errors.New("disk full")
	said := &checkpoint.Failure{Reason: checkpoint.CheckpointAsyncException, Cause: disk}
	for name, failure := range map[string]*checkpoint.Failure{
		"declined":  declined(task.Decline{Cause: said}),
		"finalized": finalizeFailure(nil, said),
	} {
		text := failure.Error()
		if failure.Reason != said.Reason || !errors.Is(failure, disk) || strings.Count(text, string(said.Reason)) != 1 {
			t.Errorf("%s: %s", name, text)
		}
	}
	if text := declined(task.Decline{}).Error(); !strings.HasPrefix(text, "CHECKPOINT_DECLINED: task ") {
		t.Error(text)
	}
}
