package plan_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/plan"
)

// Whom the coordinator sends the barrier, by what has finished.
func TestCalculateTriggers(t *testing.T) {
	for name, test := range map[string]struct {
		lines   []string
		trigger string
	}{
		"all run: the sources":                      {[]string{"a RR", "b R", "c RR >a =b", "d R >c"}, "a0 a1 b0"},
		"a source in the middle of the list":        {[]string{"a R", "b R >a", "c RR"}, "a0 c0 c1"},
		"all sources have finished":                 {[]string{"a FF", "b RR >a", "c R >b"}, "b0 b1"},
		"one of two sources has":                    {[]string{"a FF", "b R", "c R >a >b"}, "b0"},
		"a chain has, up to its end":                {[]string{"a F", "b F >a", "c F >b", "d RR >c"}, "d0 d1"},
		"a shuffle from who runs in part":           {[]string{"a FR", "b RRR >a"}, "a1"},
		"a forward from who runs in part":           {[]string{"a FR", "b RR =a"}, "a1 b0"},
		"forwards of different parts":               {[]string{"a FR", "b RF", "c RR =a =b"}, "a1 b0"},
		"forwards of the same part":                 {[]string{"a FR", "b FR", "c RR =a =b"}, "a1 b1 c0"},
		"a shuffle counts where a forward does not": {[]string{"a FR", "b RR", "c RR =a >b"}, "a1 b0 b1"},
		"a finished shuffle counts for nothing":     {[]string{"a FR", "b FF", "c RR =a >b"}, "a1 c0"},
		"finished subtasks are not sent anything":   {[]string{"a FF", "b FR =a"}, "b1"},
		"rescale: many to few":                      {[]string{"a FFRF", "b RR =a"}, "a2 b0"},
		"rescale: few to many":                      {[]string{"a FR", "b RRRR =a"}, "a1 b0 b1"},
		"rescale: 3 to 2":                           {[]string{"a RFF", "b RR =a"}, "a0 b1"},
		"rescale: 2 to 3":                           {[]string{"a RF", "b RRR =a"}, "a0 b2"},
		"rescale: 5 to 3":                           {[]string{"a FRFFF", "b RRR =a"}, "a1 b0 b2"},
		"the same producer over two edges":          {[]string{"a FR", "b RR =a >a"}, "a1"},
	} {
		t.Run(name, func(t *testing.T) {
			r := run(t, test.lines...)
			p, err := plan.Calculate(r.job, r.current, true)
			if err != nil {
				t.Fatal(err)
			}
			if got := r.names(p.Trigger); got != test.trigger {
				t.Errorf("triggers %s, want %s", got, test.trigger)
			}
		})
	}
}

// Who has not finished answers and is told; who has is listed, in the order of the job.
func TestCalculateLists(t *testing.T) {
	r := run(t, "a FF", "b RFR >a", "c R >b", "d F")
	p, err := plan.Calculate(r.job, r.current, true)
	if err != nil {
		t.Fatal(err)
	}
	const wait = "b0 b2 c0"
	if r.names(p.Wait) != wait || r.names(p.Commit) != wait {
		t.Errorf("waits for %s, commits to %s; want both %s", r.names(p.Wait), r.names(p.Commit), wait)
	}
	if got, want := r.names(p.Finished), "a0 a1 b1 d0"; got != want {
		t.Errorf("finished are %s, want %s", got, want)
	}
	if !slices.Equal(p.FullyFinished, []int{0, 3}) || !p.MayHaveFinished {
		t.Errorf("fully finished are %v, may have finished: %v", p.FullyFinished, p.MayHaveFinished)
	}
	if p.Wait[1].Attempt != r.current[1][2].Attempt {
		t.Errorf("waits for attempt %s, but %s runs", p.Wait[1].Attempt, r.current[1][2].Attempt)
	}
}

// While nothing has finished, the switch makes no difference but that something may.
func TestCalculateBeforeTasksFinish(t *testing.T) {
	r := run(t, "a RR", "b R >a")
	for _, afterTasksFinish := range []bool{false, true} {
		p, err := plan.Calculate(r.job, r.current, afterTasksFinish)
		if err != nil {
			t.Fatal(err)
		}
		if r.names(p.Wait) != "a0 a1 b0" || len(p.Finished)+len(p.FullyFinished) > 0 || p.MayHaveFinished != afterTasksFinish {
			t.Errorf("after tasks finish %v: %+v", afterTasksFinish, p)
		}
	}
}

// What stands in the way is named, with what it is doing.
func TestCalculateRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		lines            []string
		afterTasksFinish bool
		says             []string
	}{
		"no attempt":                     {[]string{"a R-"}, true, []string{"subtask 1", "a", "no attempt"}},
		"created":                        {[]string{"a cR"}, true, []string{"subtask 0", "CREATED"}},
		"deploying":                      {[]string{"a R", "b d >a"}, true, []string{"vertex b", "DEPLOYING"}},
		"reading its state":              {[]string{"a R", "b i >a"}, true, []string{"vertex b", "INITIALIZING"}},
		"canceling":                      {[]string{"a x"}, true, []string{"CANCELING"}},
		"canceled, which is no finish":   {[]string{"a RX"}, true, []string{"CANCELED"}},
		"failed, which is no finish":     {[]string{"a RR", "b R! >a"}, true, []string{"subtask 1 of vertex b", "FAILED"}},
		"not running, behind a finished": {[]string{"a FF", "b Ri >a"}, true, []string{"INITIALIZING"}},
		"finished, and switched off":     {[]string{"a RF"}, false, []string{"subtask 1", "switched off"}},
		"all have finished":              {[]string{"a FF", "b F >a"}, true, []string{"all tasks"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := run(t, test.lines...)
			p, err := plan.Calculate(r.job, r.current, test.afterTasksFinish)
			refused(t, p, err, test.says...)
		})
	}
}

// Whoever asks may be in the middle of a deployment.
func TestCalculateRefusesPartOfAJob(t *testing.T) {
	r := run(t, "a RR", "b R >a")
	p, err := plan.Calculate(r.job, r.current[:1], true)
	refused(t, p, err, "1 of the job's 2 vertices")
	r.current[0] = r.current[0][:1]
	p, err = plan.Calculate(r.job, r.current, true)
	refused(t, p, err, "vertex a", "1 attempts", "2 subtasks")
}

func refused(t *testing.T, p *plan.Plan, err error, says ...string) {
	t.Helper()
	if p != nil || !errors.Is(err, &checkpoint.Failure{Reason: checkpoint.NotAllRequiredTasksRunning}) {
		t.Fatalf("plan %+v, error %v; want none, and %s", p, err, checkpoint.NotAllRequiredTasksRunning)
	}
	for _, word := range says {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q does not say %q", err, word)
		}
	}
}
