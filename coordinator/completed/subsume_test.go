package completed_test

import (
	"math"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
)

// Checkpoints are written C1, savepoints S1, savepoints that stop the job T1.
func TestSubsume(t *testing.T) {
	for _, c := range []struct {
		retain         int
		before         string
		kept, subsumed string
	}{
		{1, "C1 C2", "C2", "C1"},
		{1, "C1 S2", "C1 S2", ""},            // C1 is what incremental checkpoints build on (FLINK-21351)
		{1, "C1 S2 C3", "C3", "C1 S2"},       // the loop does not stop at what must stay
		{1, "C1 S2 S3", "C1 S3", "S2"},       //
		{1, "C1 T2", "T2", "C1"},             // nothing will build on C1 any more
		{1, "S1 S2", "S2", "S1"},             // no checkpoint to keep
		{1, "C1", "C1", ""},                  //
		{2, "C1 C2", "C1 C2", ""},            //
		{2, "C1 C2 C3", "C2 C3", "C1"},       // the oldest goes first
		{2, "C1 S2 S3", "C1 S3", "S2"},       //
		{3, "C1 S2 S3 C4", "S2 S3 C4", "C1"}, //
		{2, "S1 C2 S3 S4", "C2 S4", "S1 S3"}, //
		{1, "", "", ""},
	} {
		before := parse(c.before)
		kept, subsumed := completed.Subsume(before, c.retain)
		if got := format(kept); got != c.kept {
			t.Errorf("retain %d of [%s]: kept [%s], want [%s]", c.retain, c.before, got, c.kept)
		}
		if got := format(subsumed); got != c.subsumed {
			t.Errorf("retain %d of [%s]: subsumed [%s], want [%s]", c.retain, c.before, got, c.subsumed)
		}
		if got := format(before); got != c.before {
			t.Errorf("Subsume changed its argument to [%s]", got)
		}
	}
}

func TestLatest(t *testing.T) {
	for _, c := range []struct {
		checkpoints string
		prefer      bool
		want        string
	}{
		{"", false, ""},
		{"", true, ""},
		{"C1 S2", false, "S2"},
		{"C1 S2", true, "C1"},
		{"C1 C2 S3 S4", true, "C2"},
		{"S1 S2", true, "S2"},
		{"S1 C2", true, "C2"},
	} {
		var got string
		if latest := completed.Latest(parse(c.checkpoints), c.prefer); latest != nil {
			got = format([]*completed.Checkpoint{latest})
		}
		if got != c.want {
			t.Errorf("Latest([%s], %t) = %q, want %q", c.checkpoints, c.prefer, got, c.want)
		}
	}
}

func TestLowest(t *testing.T) {
	for checkpoints, want := range map[string]int64{
		"":         math.MinInt64,
		"S3":       math.MinInt64,
		"S3 C5 C6": 5,
		"C6 C3":    3, // a snapshot of the past, claimed
	} {
		if got := completed.Lowest(parse(checkpoints)); got != want {
			t.Errorf("Lowest([%s]) = %d, want %d", checkpoints, got, want)
		}
	}
}

func parse(names string) []*completed.Checkpoint {
	var checkpoints []*completed.Checkpoint
	for _, name := range strings.Fields(names) {
		c := &completed.Checkpoint{ID: int64(name[1] - '0')}
		switch name[0] {
		case 'C':
			c.Properties = checkpoint.CheckpointProperties(checkpoint.NeverRetainAfterTermination)
		case 'S':
			c.Properties = checkpoint.SavepointProperties(checkpoint.Canonical, checkpoint.ActionNone, false)
		case 'T':
			c.Properties = checkpoint.SavepointProperties(checkpoint.Canonical, checkpoint.ActionTerminate, true)
		}
		checkpoints = append(checkpoints, c)
	}
	return checkpoints
}

func format(checkpoints []*completed.Checkpoint) string {
	var names []string
	for _, c := range checkpoints {
		kind := "C"
		if c.IsSavepoint() {
			kind = "S"
		}
		if c.Properties.Type.Action == checkpoint.ActionTerminate {
			kind = "T"
		}
		names = append(names, kind+string(rune('0'+c.ID)))
	}
	return strings.Join(names, " ")
}
