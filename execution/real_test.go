package execution_test

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/masterhook"
	"github.com/cairnstate/cairn/coordinator/operator"
	"github.com/cairnstate/cairn/execution"
	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/job/configuration"
	"github.com/cairnstate/cairn/job/jobgraph"
	"github.com/cairnstate/cairn/job/stream"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/task"
)

// program is the way from a configuration to a job graph: lines are read by one
// subtask, and counted by several.
func program(t *testing.T, parallelism int32, config map[string]string) *jobgraph.Graph {
	t.Helper()
	env, err := stream.NewEnvironment(configuration.Of(config))
	if err != nil {
		t.Fatal(err)
	}
	lines := env.Source("lines", &stream.Options{UID: "lines"})
	lines.KeyBy().Transform("count", &stream.Options{UID: "count", Parallelism: parallelism})
	graph, err := env.Graph()
	if err != nil {
		t.Fatal(err)
	}
	j, err := jobgraph.New(graph)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// witness writes down when it is called, wherever the sequence passes by.
type witness struct{ town *town }

func (w witness) ResolveCheckpoint(ctx context.Context, pointer string) (storage.CompletedCheckpointStorageLocation, error) {
	w.town.note("resolve pointer")
	at, err := w.town.disk.ResolveCheckpoint(ctx, pointer)
	return watched{at, w.town}, err
}

type watched struct {
	storage.CompletedCheckpointStorageLocation
	town *town
}

func (w watched) ReadMetadata(ctx context.Context) ([]byte, error) {
	w.town.note("load and validate")
	return w.CompletedCheckpointStorageLocation.ReadMetadata(ctx)
}

type watchedStore struct {
	completed.Store
	town *town
}

func (s watchedStore) Recover(ctx context.Context) error {
	s.town.note("recover the store")
	return s.Store.Recover(ctx)
}

func (s watchedStore) Add(ctx context.Context, c *completed.Checkpoint) ([]*completed.Checkpoint, error) {
	s.town.note("add %d to the store", c.ID)
	return s.Store.Add(ctx, c)
}

func (s watchedStore) Shutdown(ctx context.Context, status completed.JobStatus) (discard, retain []*completed.Checkpoint, err error) {
	s.town.note("shut down the store: %s", status)
	return s.Store.Shutdown(ctx, status)
}

type watchedCounter struct {
	coordinator.IDCounter
	town *town
}

func (c watchedCounter) SetCount(ctx context.Context, next int64) error {
	c.town.note("set the counter to %d", next)
	return c.IDCounter.SetCount(ctx, next)
}

// hook and splits take part in checkpoints.
type hook struct{ town *town }

func (hook) Identifier() string { return "hook" }
func (hook) TriggerCheckpoint(context.Context, int64, time.Time) (*masterhook.State, error) {
	return &masterhook.State{Payload: []byte("position")}, nil
}
func (hook) Decode(_ int32, payload []byte) (any, error) { return string(payload), nil }
func (h hook) RestoreCheckpoint(_ context.Context, id int64, _ any) error {
	h.town.note("hook goes back to %d", id)
	return nil
}
func (h hook) Reset(context.Context) error { h.town.note("hook is reset"); return nil }
func (hook) Close() error                  { return nil }

type splits struct{ town *town }

func (s splits) Start(context.Context) error   { s.town.note("coordinator of lines starts"); return nil }
func (s splits) Close() error                  { s.town.note("coordinator of lines closes"); return nil }
func (splits) SubtaskFailed(int32, error)      {}
func (splits) HandleEvent(int32, []byte) error { return nil }
func (splits) NotifyCheckpointComplete(int64)  {}
func (splits) NotifyCheckpointAborted(int64)   {}
func (splits) Checkpoint(context.Context, int64, func()) ([]byte, error) {
	return []byte("splits"), nil
}
func (splits) SubtaskReady(subtask *operator.Subtask) { _ = subtask.SendEvent([]byte("split")) }
func (s splits) SubtaskReset(subtask int32, id int64) {
	s.town.note("lines.%d goes back to %d", subtask, id)
}
func (s splits) ResetToCheckpoint(_ context.Context, id int64, state []byte) error {
	s.town.note("coordinator of lines goes back to %d, %q", id, state)
	return nil
}

// create makes an execution whose every step is witnessed.
func (w *town) create(j *jobgraph.Graph) (*execution.Graph, error) {
	w.t.Helper()
	store, err := completed.NewDeque(1)
	if err != nil {
		w.t.Fatal(err)
	}
	return execution.CreateAndRestore(w.t.Context(), townJob, j, w, execution.Checkpointing{
		Storage: witness{w}, Access: w.access,
		Options: coordinator.Options{
			Store: watchedStore{store, w}, IDCounter: watchedCounter{coordinator.NewStandaloneIDCounter(), w},
			Checkpointing: &coordinator.Checkpointing{Random: func(n int64) int64 { return n - 1 }}, // as late as may be
		},
		Hooks:     []masterhook.Hook{hook{w}},
		Operators: []execution.OperatorCoordinator{{Operator: checkpoint.OperatorIDFromUID("lines"), Coordinator: splits{w}}},
	}, &execution.Options{Restart: &execution.FixedDelay{Attempts: 100, Delay: time.Second}})
}

// run makes an execution and starts it.
func (w *town) run(j *jobgraph.Graph) *execution.Graph {
	w.t.Helper()
	g, err := w.create(j)
	if err != nil {
		w.t.Fatal(err)
	}
	g.AddListener(func(status execution.JobStatus, _ error) { w.note("job is %s", status) })
	if err := g.Start(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	synctest.Wait()
	return g
}

// stop ends the job with a savepoint.
func (w *town) stop(g *execution.Graph) string {
	w.t.Helper()
	s := g.StopWithSavepoint("", checkpoint.Canonical, false)
	synctest.Wait()
	for _, m := range w.living() {
		m.end(task.Finished, nil)
	}
	savepoint, err := s.Wait(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	w.wantEnd(g, execution.Finished)
	w.told()
	return savepoint.ExternalPointer()
}

func (w *town) wantEnd(g *execution.Graph, want execution.JobStatus) {
	w.t.Helper()
	if status, err := g.Wait(w.t.Context()); status != want || err != nil {
		w.t.Errorf("the job is %s: %v", status, err)
	}
}

// The sequence of the design, from the settings of a job to subtasks that run, as those
// see it who are passed by: a job goes on from a savepoint, with another parallelism.
func TestSequence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		config := map[string]string{"execution.checkpointing.interval": "10 s"}
		g := w.run(program(t, 2, config))
		w.tells(
			"recover the store", "hook is reset", // no checkpoint, no savepoint: it begins
			"coordinator of lines starts", "job is RUNNING",
			"deploy count.0#0 of 2", "deploy count.1#0 of 2", "deploy Source: lines.0#0 of 1")
		config["execution.state-recovery.path"] = w.stop(g)

		g = w.run(program(t, 3, config))
		w.tells(
			"recover the store", "hook is reset", // no checkpoint
			"resolve pointer", "load and validate",
			"add 1 to the store", "set the counter to 2",
			"recover the store", "hook goes back to 1", `coordinator of lines goes back to 1, "splits"`,
			"coordinator of lines starts", "job is RUNNING",
			"deploy count.0#0 of 3 from 1: count.0@1[0, 42]",
			"deploy count.1#0 of 3 from 1: count.0@1[43, 63] count.1@1[64, 85]",
			"deploy count.2#0 of 3 from 1: count.1@1[86, 127]",
			"deploy Source: lines.0#0 of 1 from 1: Source: lines.0@1[0, 127]")
		g.Cancel()
		w.wantEnd(g, execution.Cancelled)
		story := w.told()
		if last := story[len(story)-2:]; !slices.Equal(last, []string{"coordinator of lines closes", "shut down the store: CANCELED"}) {
			t.Errorf("the end of the story is %q", last)
		}
	})
}

// Checkpoints are taken by the clock; a failed task takes the job back to the latest,
// and what its first life still says has no effect.
func TestFailover(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		g := w.run(program(t, 2, map[string]string{"execution.checkpointing.interval": "10 s"}))
		time.Sleep(25 * time.Second)
		synctest.Wait()
		old := w.living()[2] // count.1
		w.told()

		old.end(task.Failed, errors.New("broken"))
		synctest.Wait()
		time.Sleep(time.Second)
		synctest.Wait()
		story := w.told()
		for _, want := range []string{
			"job is RESTARTING", "cancel count.0", "cancel Source: lines.0", "recover the store", "hook goes back to 2", "job is RUNNING",
			"deploy count.1#1 of 2 from 2: count.1@2[64, 127]",
		} {
			if !slices.Contains(story, want) {
				t.Errorf("%q is missing in %q", want, story)
			}
		}
		if strings.Contains(strings.Join(story, "\n"), "coordinator of lines goes back") {
			t.Errorf("the coordinator of an operator goes back with a region: %q", story)
		}
		old.say(task.Failed, errors.New("broken once more"))
		c := g.Coordinator()
		if c.AcknowledgeCheckpoint(t.Context(), task.Acknowledgement{Job: townJob, Attempt: old.Attempt, CheckpointID: 3}) {
			t.Error("an attempt of the past has acknowledged a checkpoint of the future")
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if latest := c.Completed(); g.Status() != execution.Running || latest[len(latest)-1].ID < 3 {
			t.Errorf("the job is %s, its latest checkpoint %d", g.Status(), latest[len(latest)-1].ID)
		}
		g.Cancel()
		w.wantEnd(g, execution.Cancelled)
	})
}

// A task that declines one checkpoint too many takes the whole job back, its operator
// coordinators too.
func TestTooManyFailedCheckpoints(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		g := w.run(program(t, 2, map[string]string{"execution.checkpointing.interval": "10 s"}))
		time.Sleep(11 * time.Second)
		synctest.Wait()
		w.told()
		w.mu.Lock()
		w.answers = func(m *townsman) error {
			if m.name != "count.1" {
				return nil
			}
			return &checkpoint.Failure{Reason: checkpoint.CheckpointDeclined}
		}
		w.mu.Unlock()
		time.Sleep(10 * time.Second)
		synctest.Wait()
		w.mu.Lock()
		w.answers = nil
		w.mu.Unlock()
		time.Sleep(time.Second)
		synctest.Wait()
		story := w.told()
		for _, want := range []string{"job is RESTARTING", `coordinator of lines goes back to 1, "splits"`, "deploy count.1#1 of 2 from 1: count.1@1[64, 127]"} {
			if !slices.Contains(story, want) {
				t.Errorf("%q is missing in %q", want, story)
			}
		}
		g.Cancel()
		w.wantEnd(g, execution.Cancelled)
	})
}

// A subtask that may have missed an event goes back with its region. That is not the
// coordinator's fault, which goes on.
func TestLostEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.events = func(m *townsman) error {
			if m.Attempt.Attempt == 0 {
				return errors.New("lost")
			}
			return nil
		}
		g := w.run(program(t, 2, nil))
		time.Sleep(time.Second)
		synctest.Wait()
		story := strings.Join(w.told(), "\n")
		if !strings.Contains(story, "lines.0 goes back to -1") || strings.Contains(story, "coordinator of lines goes back") {
			t.Errorf("the story is %s", story)
		}
		g.Cancel()
		w.wantEnd(g, execution.Cancelled)
	})
}

// What the job's settings say holds, whatever the options of the coordinator do.
func TestSettingsDecide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		g := w.run(program(t, 2, map[string]string{
			"execution.checkpointing.interval":                          "10 s",
			"execution.checkpointing.externalized-checkpoint-retention": "RETAIN_ON_CANCELLATION",
		}))
		time.Sleep(15 * time.Second)
		synctest.Wait()
		if taken := g.Coordinator().Completed(); len(taken) != 1 || taken[0].Properties.DiscardCancelled || !taken[0].Properties.DiscardFinished {
			t.Errorf("checkpoints that were taken: %+v", taken)
		}
		g.Cancel()
		w.wantEnd(g, execution.Cancelled)
	})
}

// A job that cannot be restored is not left half made.
func TestCannotRestore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		_, err := w.create(program(t, 2, map[string]string{"execution.state-recovery.path": "mem://town/savepoints/none"}))
		if !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("restoring what is not there: %v", err)
		}
		w.tells("recover the store", "hook is reset", "resolve pointer", "shut down the store: SUSPENDED")
	})
}

func TestEnableCheckpointing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		j := program(t, 2, nil)
		as, err := j.Job()
		if err != nil {
			t.Fatal(err)
		}
		g, err := execution.New(townJob, as, w, nil)
		if err != nil {
			t.Fatal(err)
		}
		with := execution.Checkpointing{Storage: w.disk, Access: w.access}
		foreign := j.Checkpointing
		foreign.Trigger = []checkpoint.JobVertexID{{1}}
		if err := g.EnableCheckpointing(foreign, with); err == nil {
			t.Error("settings of another job were accepted")
		}
		if err := g.EnableCheckpointing(checkpointing.JobSettings{}, execution.Checkpointing{}); err == nil {
			t.Error("a coordinator without storage was made")
		}
		if err := g.EnableCheckpointing(j.Checkpointing, with); err != nil {
			t.Error(err)
		}
		if err := g.EnableCheckpointing(j.Checkpointing, with); err == nil {
			t.Error("checkpoints were enabled twice")
		}
		g.Cancel()
		w.wantEnd(g, execution.Cancelled)
	})
}
