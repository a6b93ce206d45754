package execution

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/request"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/restore"
	"github.com/cairnstate/cairn/task"
)

// rig is a graph whose surroundings write down what they are asked for.
type rig struct {
	*Graph
	*hand
	t     *testing.T
	story []string
	tasks map[string]*fakeTask // by name: source.0#1 is the second attempt of subtask 0

	savepoint  *request.Request // that was asked for
	latest     *coordinator.Restored
	restoreErr error
	meanwhile  func() // happens while a checkpoint is restored
	deployErr  map[string]error
}

// newRig starts nothing. Two lines of two tasks each, source and sink, do not touch.
func newRig(t *testing.T, strategy RestartStrategy, vertices ...job.Vertex) *rig {
	t.Helper()
	if vertices == nil {
		vertices = []job.Vertex{vertex("source", 2), vertex("sink", 2, forward(0))}
	}
	j, err := job.New(vertices...)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, hand: &hand{now: time.Unix(0, 0)}, tasks: map[string]*fakeTask{}, deployErr: map[string]error{}}
	r.Graph, err = New(checkpoint.JobID{1}, j, r, &Options{Restart: strategy, Clock: r.hand, Executor: r.hand})
	if err != nil {
		t.Fatal(err)
	}
	r.attach(fakeCoordinator{r}, true)
	r.AddListener(func(s JobStatus, cause error) { r.note("job is %s%s", s, because(cause)) })
	return r
}

func vertex(name string, parallelism int32, inputs ...job.Input) job.Vertex {
	return job.Vertex{Name: name, Parallelism: parallelism, Inputs: inputs,
		Operators: []job.Operator{{ID: checkpoint.OperatorIDFromUID(name), UID: name}}}
}

func forward(from int) job.Input { return job.Input{From: from, Pattern: job.Pointwise} }
func hash(from int) job.Input    { return job.Input{From: from, Pattern: job.AllToAll} }

func (r *rig) note(format string, args ...any) {
	r.story = append(r.story, fmt.Sprintf(format, args...))
}

func because(cause error) string {
	if cause == nil {
		return ""
	}
	return ": " + cause.Error()
}

// tells checks what has been written down since it was called last.
func (r *rig) tells(want ...string) {
	r.t.Helper()
	r.run()
	if diff := cmp.Diff(want, r.story); diff != "" {
		r.t.Errorf("the story (-want +got):\n%s", diff)
	}
	r.story = nil
}

// running is a rig whose tasks all run, of which nothing is told.
func running(t *testing.T, strategy RestartStrategy, vertices ...job.Vertex) *rig {
	t.Helper()
	r := newRig(t, strategy, vertices...)
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.run()
	for name := range r.tasks {
		r.report(name, task.Running)
	}
	r.run()
	r.story = nil
	return r
}

// report has a task say how far it is.
func (r *rig) report(name string, state task.State) {
	r.t.Helper()
	r.reportFor(name, state, nil)
}

func (r *rig) reportFor(name string, state task.State, cause error) {
	r.t.Helper()
	if r.tasks[name] == nil {
		r.t.Fatalf("there is no task %s among %v", name, r.tasks)
	}
	r.UpdateTaskState(r.tasks[name].id, state, cause)
	r.run()
}

// states returns the state of each current attempt.
func (r *rig) states() string {
	var all []string
	for i, subtasks := range r.Current() {
		for _, e := range subtasks {
			all = append(all, fmt.Sprintf("%s=%s", r.name(i, e.Attempt), e.State))
		}
	}
	return strings.Join(all, " ")
}

func (r *rig) name(vertex int, id task.ExecutionAttempt) string {
	return fmt.Sprintf("%s.%d#%d", r.Job().Vertex(vertex).Name, id.Subtask, id.Attempt)
}

// Deploy makes the rig a Deployer.
func (r *rig) Deploy(_ context.Context, d Deployment) (Task, error) {
	name := r.name(d.Vertex, d.Attempt)
	if err := r.deployErr[name]; err != nil {
		r.note("%s cannot be deployed", name)
		return nil, err
	}
	from := ""
	if d.State != nil {
		from = fmt.Sprintf(" from %d", d.State.CheckpointID)
	}
	r.note("deploy %s%s", name, from)
	t := &fakeTask{rig: r, id: d.Attempt, name: name}
	r.tasks[name] = t
	return t, nil
}

type fakeTask struct {
	rig  *rig
	id   task.ExecutionAttempt
	name string
}

func (t *fakeTask) Cancel()                                                        { t.rig.note("cancel %s", t.name) }
func (t *fakeTask) TriggerCheckpoint(context.Context, task.Barrier) error          { return nil }
func (t *fakeTask) NotifyCheckpointComplete(context.Context, task.Completed) error { return nil }
func (t *fakeTask) NotifyCheckpointAborted(context.Context, task.Aborted) error    { return nil }

// fakeCoordinator has the checkpoint that the rig has.
type fakeCoordinator struct{ rig *rig }

func (c fakeCoordinator) RestoreInitial(ctx context.Context, _ coordinator.SavepointRestoreSettings) (*coordinator.Restored, error) {
	return c.restore(ctx, "initial checkpoint")
}

func (c fakeCoordinator) RestoreLatestToAll(ctx context.Context) (*coordinator.Restored, error) {
	return c.restore(ctx, "latest checkpoint to all")
}

func (c fakeCoordinator) RestoreLatestToSubtasks(ctx context.Context, vertices ...checkpoint.JobVertexID) (*coordinator.Restored, error) {
	var names []string
	for _, id := range vertices {
		names = append(names, c.rig.Job().Vertex(c.rig.index[id]).Name)
	}
	return c.restore(ctx, "latest checkpoint to subtasks of "+strings.Join(names, ", "))
}

func (c fakeCoordinator) restore(ctx context.Context, what string) (*coordinator.Restored, error) {
	c.rig.note("restore %s, of %s", what, c.rig.states())
	if c.rig.meanwhile != nil {
		c.rig.meanwhile()
	}
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return c.rig.latest, c.rig.restoreErr
}

func (c fakeCoordinator) StartCheckpointScheduler() error { c.rig.note("start scheduler"); return nil }
func (c fakeCoordinator) StopCheckpointScheduler()        { c.rig.note("stop scheduler") }

func (c fakeCoordinator) AbortPendingCheckpoints(f *checkpoint.Failure) { c.rig.note("abort: %s", f) }

func (c fakeCoordinator) StopWithSavepoint(target string, format checkpoint.SavepointFormat, drain bool) *request.Promise {
	c.rig.note("savepoint to %q, %s, drain %t", target, format, drain)
	c.rig.savepoint = request.New(checkpoint.SavepointProperties(format, checkpoint.ActionSuspend, true), target, c.rig.now)
	return c.rig.savepoint.Promise()
}

func (c fakeCoordinator) Shutdown(_ context.Context, status completed.JobStatus) error {
	c.rig.note("shut down coordinator %s", status)
	return nil
}

// checkpointOf is a restored checkpoint without any state for the rig's job.
func (r *rig) checkpointOf(id int64) *coordinator.Restored {
	r.t.Helper()
	assignment, err := restore.Assign(id, r.Job(), nil, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return &coordinator.Restored{CheckpointID: id, Assignment: assignment}
}

var errBroken = errors.New("broken")
