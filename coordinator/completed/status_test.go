package completed_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
)

// The table of who survives what: rows are properties, columns ends of the job.
func TestToDiscard(t *testing.T) {
	ends := []completed.JobStatus{completed.Finished, completed.Cancelled, completed.Failed, completed.Suspended, "RUNNING"}
	for name, row := range map[string]struct {
		properties checkpoint.Properties
		discards   []bool
	}{
		"never retain":           {checkpoint.CheckpointProperties(checkpoint.NeverRetainAfterTermination), []bool{true, true, true, true, false}},
		"retain on failure":      {checkpoint.CheckpointProperties(checkpoint.RetainOnFailure), []bool{true, true, false, true, false}},
		"retain on cancellation": {checkpoint.CheckpointProperties(checkpoint.RetainOnCancellation), []bool{true, false, false, false, false}},
		"savepoint":              {checkpoint.SavepointProperties(checkpoint.Native, checkpoint.ActionSuspend, true), make([]bool, 5)},
		"unclaimed":              {checkpoint.UnclaimedProperties(), make([]bool, 5)},
	} {
		var got []bool
		for _, end := range ends {
			discard, retain := completed.ToDiscard([]*completed.Checkpoint{{Properties: row.properties}}, end)
			if len(discard)+len(retain) != 1 {
				t.Errorf("%s, %s: %d to discard and %d to retain", name, end, len(discard), len(retain))
			}
			got = append(got, len(discard) == 1)
		}
		if diff := cmp.Diff(row.discards, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestGloballyTerminal(t *testing.T) {
	for status, want := range map[completed.JobStatus]bool{
		completed.Finished: true, completed.Cancelled: true, completed.Failed: true, completed.Suspended: false,
	} {
		if got := status.GloballyTerminal(); got != want {
			t.Errorf("%s: %t", status, got)
		}
	}
}
