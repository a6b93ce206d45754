package pending_test

import (
	"slices"
	"testing"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/pending"
	"github.com/cairnstate/cairn/task"
)

// What an answer is worth, from whomever it comes.
func TestAcknowledgeTask(t *testing.T) {
	j := jobOf(t, vertex(2, "a"), vertex(2, "b"))
	waited := attempt(j, 1, 1)
	earlier, later, elsewhere, stranger, below, above := waited, waited, waited, waited, waited, waited
	earlier.Attempt--
	later.Attempt++
	elsewhere.Graph[0]++
	stranger.Vertex = checkpoint.JobVertexID(id("stranger"))
	below.Subtask, above.Subtask = -1, 2
	for name, test := range map[string]struct {
		attempt task.ExecutionAttempt
		want    pending.Result
	}{
		"who is waited for":                {waited, pending.Success},
		"its predecessor":                  {earlier, pending.Unknown},
		"its successor":                    {later, pending.Unknown},
		"of another execution of the job":  {elsewhere, pending.Unknown},
		"of a vertex that is not there":    {stranger, pending.Unknown},
		"a subtask that is not there":      {above, pending.Unknown},
		"a subtask that cannot be":         {below, pending.Unknown},
		"who had finished, and spoke late": {attempt(j, 0, 1), pending.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			c := begin(t, j, "RF", "RR")
			if got := c.AcknowledgeTask(test.attempt, nil); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
			if got := c.Acknowledged(); (got == 1) != (test.want == pending.Success) {
				t.Errorf("%d have acknowledged", got)
			}
		})
	}
}

// An answer counts once, and the first one's state is kept.
func TestAcknowledgeTwice(t *testing.T) {
	j := jobOf(t, vertex(1, "a"))
	c := begin(t, j, "R")
	first, second := keyed("first"), keyed("second")
	acknowledge(t, c, attempt(j, 0, 0), snapshot(map[string]*checkpoint.OperatorSubtaskState{"a": first}))
	if got := c.AcknowledgeTask(attempt(j, 0, 0), snapshot(map[string]*checkpoint.OperatorSubtaskState{"a": second})); got != pending.Duplicate {
		t.Errorf("the second time it is %s", got)
	}
	m, err := c.Finalize()
	if err != nil || m.Operators[0].Subtasks[0].State != first {
		t.Errorf("kept %+v, %v", m, err)
	}
}

// It is all or nothing: tasks, coordinators and hooks.
func TestFullyAcknowledged(t *testing.T) {
	j := jobOf(t, vertex(2, "a"), vertex(1, "b"))
	c := pending.New(7, time.Unix(100, 0), planOf(t, j, "RR", "R"), j,
		[]checkpoint.OperatorID{id("a"), id("b")}, []string{"hook", "other hook"}, properties)
	for name, answer := range map[string]func() pending.Result{
		"a0":         func() pending.Result { return c.AcknowledgeTask(attempt(j, 0, 0), nil) },
		"a1":         func() pending.Result { return c.AcknowledgeTask(attempt(j, 0, 1), snapshot(nil)) },
		"b0":         func() pending.Result { return c.AcknowledgeTask(attempt(j, 1, 0), nil) },
		"a's":        func() pending.Result { return c.AcknowledgeCoordinator(id("a"), []byte("state")) },
		"b's":        func() pending.Result { return c.AcknowledgeCoordinator(id("b"), nil) },
		"hook":       func() pending.Result { return c.AcknowledgeHook("hook", nil) },
		"other hook": func() pending.Result { return c.AcknowledgeHook("other hook", &checkpoint.MasterState{}) },
	} {
		if c.FullyAcknowledged() {
			t.Fatalf("fully acknowledged without %s", name)
		}
		if first, second := answer(), answer(); first != pending.Success || second != pending.Duplicate {
			t.Errorf("%s: %s, then %s", name, first, second)
		}
	}
	if !c.FullyAcknowledged() {
		t.Error("all have answered, and it is not fully acknowledged")
	}
}

// Nobody asked these.
func TestStrangersDoNotCount(t *testing.T) {
	j := jobOf(t, vertex(1, "a"))
	c := begin(t, j, "R")
	if got := c.AcknowledgeCoordinator(id("a"), nil); got != pending.Unknown {
		t.Errorf("a coordinator: %s", got)
	}
	if got := c.AcknowledgeHook("hook", nil); got != pending.Unknown {
		t.Errorf("a hook: %s", got)
	}
	acknowledge(t, c, attempt(j, 0, 0), nil)
	if !c.FullyAcknowledged() {
		t.Error("not fully acknowledged")
	}
}

// Who comes after the end is told so, whoever it is. What came before is still there
// to be discarded.
func TestDispose(t *testing.T) {
	j := jobOf(t, vertex(2, "a"))
	c := pending.New(7, time.Unix(100, 0), planOf(t, j, "RR"), j, []checkpoint.OperatorID{id("a")}, []string{"hook"}, properties)
	reported := snapshot(map[string]*checkpoint.OperatorSubtaskState{"a": keyed("x")})
	acknowledge(t, c, attempt(j, 0, 0), reported)
	c.Dispose()
	for name, got := range map[string]pending.Result{
		"a task":                   c.AcknowledgeTask(attempt(j, 0, 1), nil),
		"a task that had answered": c.AcknowledgeTask(attempt(j, 0, 0), nil),
		"a stranger":               c.AcknowledgeTask(attempt(j, 0, 2), nil),
		"a coordinator":            c.AcknowledgeCoordinator(id("a"), nil),
		"a hook":                   c.AcknowledgeHook("hook", nil),
	} {
		if got != pending.Discarded {
			t.Errorf("%s: %s", name, got)
		}
	}
	if c.FullyAcknowledged() || !c.Disposed() || !c.AcknowledgedBy(attempt(j, 0, 1)) {
		t.Error("it goes on")
	}
	for a, s := range c.Snapshots() {
		if a != attempt(j, 0, 0) || s != reported {
			t.Errorf("%s has reported %v", a, s)
		}
		reported = nil
	}
	if reported != nil {
		t.Error("what was reported is not there to be discarded")
	}
}

// A checkpoint that was complete, and disposed of before it was finalized, is not
// complete.
func TestDisposeAfterAll(t *testing.T) {
	j := jobOf(t, vertex(1, "a"))
	c := begin(t, j, "R")
	acknowledge(t, c, attempt(j, 0, 0), nil)
	c.Dispose()
	if m, err := c.Finalize(); c.FullyAcknowledged() || err == nil {
		t.Errorf("finalized to %v", m)
	}
}

// Whom a checkpoint still needs: a task that fails ends only those that do.
func TestAcknowledgedBy(t *testing.T) {
	j := jobOf(t, vertex(3, "a"))
	c := begin(t, j, "RRF")
	acknowledge(t, c, attempt(j, 0, 0), nil)
	stranger := attempt(j, 0, 1)
	stranger.Attempt++
	for name, test := range map[string]struct {
		attempt task.ExecutionAttempt
		want    bool
	}{
		"has answered":          {attempt(j, 0, 0), true},
		"has not":               {attempt(j, 0, 1), false},
		"had finished":          {attempt(j, 0, 2), true},
		"takes no part in this": {stranger, true},
	} {
		if got := c.AcknowledgedBy(test.attempt); got != test.want {
			t.Errorf("who %s is done: %v", name, got)
		}
	}
	if got := slices.Collect(c.Outstanding()); !slices.Equal(got, []task.ExecutionAttempt{attempt(j, 0, 1)}) {
		t.Errorf("outstanding are %v", got)
	}
	if c.Tasks() != 2 || c.Acknowledged() != 1 {
		t.Errorf("%d of %d", c.Acknowledged(), c.Tasks())
	}
}
