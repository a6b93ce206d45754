package execution

import (
	"context"
	"errors"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/operator"
	"github.com/cairnstate/cairn/task"
)

// splits is an operator coordinator that writes down what it hears.
type splits struct {
	rig      *rig
	startErr error
	subtasks []*operator.Subtask
}

func (s *splits) Start(context.Context) error { s.rig.note("splits start"); return s.startErr }
func (s *splits) Close() error                { s.rig.note("splits close"); return errBroken }

func (s *splits) SubtaskReady(subtask *operator.Subtask) {
	s.rig.note("splits: %d#%d is ready", subtask.Index(), subtask.Attempt().Attempt)
	s.subtasks = append(s.subtasks, subtask)
}

func (s *splits) SubtaskFailed(subtask int32, cause error) {
	s.rig.note("splits: %d failed%s", subtask, because(cause))
}

func (s *splits) SubtaskReset(subtask int32, id int64) {
	s.rig.note("splits: %d goes back to %d", subtask, id)
}

func (s *splits) HandleEvent(subtask int32, event []byte) error {
	s.rig.note("splits: %d says %s", subtask, event)
	return nil
}

func (s *splits) Checkpoint(context.Context, int64, func()) ([]byte, error) { return nil, nil }
func (s *splits) NotifyCheckpointComplete(int64)                            {}
func (s *splits) NotifyCheckpointAborted(int64)                             {}
func (s *splits) ResetToCheckpoint(context.Context, int64, []byte) error    { return nil }

// withSplits is a rig whose source has a coordinator.
func withSplits(t *testing.T) (*rig, *splits) {
	r := newRig(t, &FixedDelay{Attempts: 9})
	s := &splits{rig: r}
	h := operator.New(r.Job().Vertex(0).Operators[0].ID, s, &operator.Options{Executor: r.hand, FailSubtask: r.FailTask, FailJob: r.FailGlobal})
	r.holders[0] = append(r.holders[0], h)
	return r, s
}

func TestOperatorCoordinatorsHear(t *testing.T) {
	r, _ := withSplits(t)
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.run()
	r.dropTo("splits start")

	for _, name := range all {
		r.report(name, task.Initializing)
		r.report(name, task.Running)
	}
	r.tells("splits: 0#0 is ready", "splits: 1#0 is ready")

	// One region: its subtask goes back, the other goes on.
	r.latest = r.checkpointOf(7)
	r.reportFor("source.1#0", task.Failed, errBroken)
	r.report("sink.1#0", task.Canceled)
	r.story = nil
	r.pass(0)
	r.dropTo("splits: 1 goes back to 7")
	r.report("source.1#1", task.Running)
	r.tells("splits: 1#1 is ready")

	// All of them: the coordinator itself is reset, by the checkpoint coordinator.
	r.FailGlobal(errBroken)
	r.run()
	r.dropTo("splits: 0 failed", "splits: 1 failed")
	for _, name := range []string{"source.0#0", "source.1#1", "sink.0#0", "sink.1#1"} {
		r.report(name, task.Canceled)
	}
	r.pass(0)
	r.dropTo()

	r.Cancel()
	r.run()
	for _, name := range []string{"source.0#1", "source.1#2", "sink.0#1", "sink.1#2"} {
		r.report(name, task.Canceled)
	}
	r.dropTo("splits close")
	if status, err := r.Result(); status != Cancelled || !errors.Is(err, errBroken) {
		t.Errorf("%s, %v: the error of the close is missing", status, err)
	}
}

// dropTo checks what the coordinator heard, and nothing else.
func (r *rig) dropTo(want ...string) {
	r.t.Helper()
	var heard []string
	for _, line := range r.story {
		if len(line) > 6 && line[:6] == "splits" {
			heard = append(heard, line)
		}
	}
	r.story = heard
	r.tells(want...)
}

func TestFailedSubtaskIsToldOnce(t *testing.T) {
	r, _ := withSplits(t)
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.run()
	r.report("source.0#0", task.Running)
	r.story = nil
	r.FailTask(r.tasks["source.0#0"].id, errBroken)
	r.run()
	r.dropTo("splits: 0 failed: broken")
	r.report("source.0#0", task.Canceled)
	r.pass(0)
	r.dropTo() // sink.0 has not ended
	r.report("sink.0#0", task.Canceled)
	r.dropTo("splits: 0 goes back to -1")
}

func TestEvents(t *testing.T) {
	r, s := withSplits(t)
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.run()
	r.report("source.0#0", task.Running)
	r.story = nil
	event := task.OperatorEvent{Attempt: r.tasks["source.0#0"].id, Operator: r.Job().Vertex(0).Operators[0].ID, Payload: []byte("more")}
	if err := r.HandleOperatorEvent(t.Context(), event); err != nil {
		t.Error(err)
	}
	r.tells("splits: 0 says more")
	event.Operator = checkpoint.OperatorID{1}
	if err := r.HandleOperatorEvent(t.Context(), event); err == nil {
		t.Error("an operator without coordinator was heard")
	}

	// The task takes no events: that will not change.
	if err := s.subtasks[0].SendEvent([]byte("split")); err != nil {
		t.Fatal(err)
	}
	r.run()
	if r.Status() != Failing || !errors.Is(r.err, ErrUnrecoverable) {
		t.Errorf("the job is %s: %v", r.Status(), r.err)
	}
}

func TestCoordinatorDoesNotStart(t *testing.T) {
	r, s := withSplits(t)
	s.startErr = errBroken
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.tells("splits start", "stop scheduler", "job is FAILING: coordinator of operator "+r.Job().Vertex(0).Operators[0].ID.String()+": start: broken",
		"stop scheduler", "job is FAILED: coordinator of operator "+r.Job().Vertex(0).Operators[0].ID.String()+": start: broken",
		"splits close", "shut down coordinator FAILED")
}

// What a finished subtask was given is to be given again.
func TestFinishedSubtaskGoesBack(t *testing.T) {
	r, _ := withSplits(t)
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.run()
	r.report("source.0#0", task.Running)
	r.report("source.0#0", task.Finished)
	r.story = nil
	r.reportFor("sink.0#0", task.Failed, errBroken)
	r.dropTo("splits: 0 failed")
	r.pass(0)
	r.dropTo("splits: 0 goes back to -1")
}
