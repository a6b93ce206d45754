package execution_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/execution"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/task"
)

var townJob = checkpoint.JobID{0x70}

// town is where jobs run in tests: a storage that outlives them, and tasks that answer
// each checkpoint with a state that says who wrote it. All that happens is written down.
type town struct {
	t      *testing.T
	disk   *storage.BackendStorage
	access *storage.CheckpointStorageAccess

	mu      sync.Mutex
	story   []string
	tasks   map[string]*townsman  // by name, those that live
	answers func(*townsman) error // why a task declines a checkpoint; nil for nobody does
	events  func(*townsman) error // how a task takes an event of its operator's coordinator
}

func newTown(t *testing.T) *town {
	t.Helper()
	var registry backend.Registry
	registry.Register(new(mem.Host).Open, "mem")
	disk, err := storage.New(&registry, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = disk.Close() })
	access, err := disk.CreateCheckpointStorage(t.Context(), townJob, "mem://town/checkpoints",
		&storage.AccessOptions{DefaultSavepointDirectory: "mem://town/savepoints", AllowVolatile: true})
	if err != nil {
		t.Fatal(err)
	}
	return &town{t: t, disk: disk, access: access, tasks: map[string]*townsman{}}
}

func (w *town) note(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.story = append(w.story, fmt.Sprintf(format, args...))
}

func (w *town) tells(want ...string) {
	w.t.Helper()
	if diff := cmp.Diff(want, w.told()); diff != "" {
		w.t.Errorf("the story (-want +got):\n%s", diff)
	}
}

// told returns what has been written down since it was called last.
func (w *town) told() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	story := w.story
	w.story = nil
	return story
}

// living returns the tasks that have not ended, in the order of their names.
func (w *town) living() []*townsman {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []*townsman
	for _, name := range slices.Sorted(maps.Keys(w.tasks)) {
		all = append(all, w.tasks[name])
	}
	return all
}

// Deploy makes the town an execution.Deployer.
func (w *town) Deploy(ctx context.Context, d execution.Deployment) (execution.Task, error) {
	v := d.Job.Vertex(d.Vertex)
	m := &townsman{town: w, Deployment: d, vertex: v, name: fmt.Sprintf("%s.%d", v.Name, d.Attempt.Subtask)}
	w.note("deploy %s#%d of %d%s", m.name, d.Attempt.Attempt, v.Parallelism, m.reads(ctx))
	w.mu.Lock()
	w.tasks[m.name] = m
	w.mu.Unlock()
	m.say(task.Initializing, nil)
	m.say(task.Running, nil)
	return m, nil
}

// townsman is an attempt of a subtask.
type townsman struct {
	execution.Deployment
	town   *town
	vertex *job.Vertex
	name   string
}

func (m *townsman) say(state task.State, cause error) {
	m.Graph.UpdateTaskState(m.Attempt, state, cause)
}

// end has the attempt end.
func (m *townsman) end(state task.State, cause error) {
	m.town.mu.Lock()
	delete(m.town.tasks, m.name)
	m.town.mu.Unlock()
	m.say(state, cause)
}

func (m *townsman) Cancel() {
	m.town.note("cancel %s", m.name)
	m.end(task.Canceled, nil)
}

// reads tells whose state the attempt starts from, as the bytes of it say.
func (m *townsman) reads(ctx context.Context) string {
	if m.State == nil {
		return ""
	}
	var parts []string
	for i := range m.State.Operators {
		for _, handle := range m.State.Operators[i].ManagedKeyedState {
			groups := handle.(*checkpoint.KeyGroupsStateHandle)
			r, err := m.State.Open(ctx, groups.Delegate)
			if err != nil {
				m.town.t.Error(err)
				continue
			}
			who, err := io.ReadAll(r)
			if r.Close(); err != nil {
				m.town.t.Error(err)
			}
			parts = append(parts, fmt.Sprintf("%s%s", who, groups.KeyGroups()))
		}
	}
	return fmt.Sprintf(" from %d: %s", m.State.CheckpointID, strings.Join(parts, " "))
}

// TriggerCheckpoint has everybody answer who gets no other barrier: the streets of this
// town are short.
func (m *townsman) TriggerCheckpoint(ctx context.Context, b task.Barrier) error {
	if !strings.HasSuffix(m.name, ".0") {
		return nil // one calls for all
	}
	for _, other := range m.town.living() {
		other.acknowledge(ctx, b)
	}
	return nil
}

func (m *townsman) acknowledge(ctx context.Context, b task.Barrier) {
	c := m.Graph.Coordinator()
	m.town.mu.Lock()
	answer := m.town.answers
	m.town.mu.Unlock()
	if answer != nil {
		if err := answer(m); err != nil {
			c.DeclineCheckpoint(ctx, task.Decline{Job: m.JobID, Attempt: m.Attempt, CheckpointID: b.CheckpointID, Cause: err})
			return
		}
	}
	c.AcknowledgeCheckpoint(ctx, task.Acknowledgement{Job: m.JobID, Attempt: m.Attempt, CheckpointID: b.CheckpointID, State: m.snapshot(b.CheckpointID)})
}

func (m *townsman) snapshot(id int64) *task.Snapshot {
	groups := checkpoint.KeyGroupRangeForSubtask(m.Attempt.Subtask, m.vertex.MaxParallelism, m.vertex.Parallelism)
	state := &checkpoint.OperatorSubtaskState{ManagedKeyedState: &checkpoint.KeyGroupsStateHandle{
		Range: groups, Offsets: make([]int64, groups.Count), HandleID: m.name,
		Delegate: &checkpoint.ByteStreamStateHandle{HandleName: m.name, Data: fmt.Appendf(nil, "%s@%d", m.name, id)},
	}}
	last := m.vertex.Operators[len(m.vertex.Operators)-1].ID
	return &task.Snapshot{Operators: map[checkpoint.OperatorID]*checkpoint.OperatorSubtaskState{last: state}}
}

func (m *townsman) NotifyCheckpointComplete(_ context.Context, c task.Completed) error {
	m.town.note("%s hears of %d", m.name, c.CheckpointID)
	return nil
}

func (m *townsman) NotifyCheckpointAborted(_ context.Context, a task.Aborted) error {
	m.town.note("%s gives up %d", m.name, a.CheckpointID)
	return nil
}

// SendOperatorEvent makes the task one that takes events.
func (m *townsman) SendOperatorEvent(context.Context, checkpoint.OperatorID, []byte) error {
	m.town.mu.Lock()
	defer m.town.mu.Unlock()
	if m.town.events == nil {
		return nil
	}
	return m.town.events(m)
}
