package coordinator_test

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/plan"
	"github.com/cairnstate/cairn/coordinator/work"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/task"
)

// stage is a job that runs under a coordinator, on storage in memory: two sources and
// two counters behind a shuffle. The test plays the tasks: they write down what they
// hear, and say only what the test has them say.
type stage struct {
	*coordinator.Coordinator
	t      *testing.T
	job    *job.Job
	store  *stageStore
	ids    *stageCounter
	memory *mem.Backend
	access *storage.CheckpointStorageAccess
	crew   *crew

	mu       sync.Mutex
	current  [][]plan.Execution
	heard    []string                                         // "source0: barrier 1", in order
	barriers map[int64]task.Barrier                           // that any task heard
	failures []error                                          // for which the job was to fail
	garbage  []int64                                          // ids of checkpoints that were given to be discarded
	claimed  []string                                         // what that said was claimed, the last time
	discards func(context.Context, coordinator.Garbage) error // nil: it works
	shared   []string                                         // paths of shared files that were
	deaf     map[string]error                                 // what a message to a task fails with
}

// script says how a stage differs from the usual one: no periodic checkpoints, one at a
// time, no failures tolerated.
type script struct {
	config  func(*checkpointing.Config)
	options func(*coordinator.Options)
	backend func(*mem.Backend) backend.Backend // around the store
	random  func(n int64) int64
	memory  *mem.Backend // that of another stage
	max     int32        // parallelism that the user chose
}

var stageJob = checkpoint.JobID{0x51}

// onStage plays a scene, in time that passes when all wait.
func onStage(t *testing.T, s script, play func(t *testing.T, s *stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, s)
		play(t, st)
		st.end(completed.Suspended)
	})
}

func newStage(t *testing.T, sc script) *stage {
	t.Helper()
	s := &stage{t: t, memory: cmp.Or(sc.memory, new(mem.Backend)), crew: new(crew), barriers: map[int64]task.Barrier{}, deaf: map[string]error{}}
	s.store, s.ids = newStageStore(t, 1), &stageCounter{StandaloneIDCounter: coordinator.NewStandaloneIDCounter()}
	s.build(sc.max)
	s.deploy(0)
	backends := s.openStorage(sc)
	config := checkpointing.Default()
	if sc.config != nil {
		sc.config(&config)
	}
	settings, err := config.Coordinator()
	if err != nil {
		t.Fatal(err)
	}
	opts := coordinator.Options{Store: s.store, IDCounter: s.ids, Executor: s.crew, Discard: s.discard}
	opts.Checkpointing = &coordinator.Checkpointing{
		Job: stageJob, Config: settings, Storage: s.access, Executions: s, FailJob: s.failJob, Random: sc.random,
	}
	if sc.options != nil {
		sc.options(&opts)
	}
	if s.Coordinator, err = coordinator.New(s.job, backends, &opts); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *stage) build(maxParallelism int32) {
	s.t.Helper()
	hash, _ := job.PartitionerNamed("hash")
	var err error
	s.job, err = job.New(
		job.Vertex{Name: "source", Parallelism: 2, Operators: []job.Operator{{ID: sourceID, UID: "source"}}},
		job.Vertex{Name: "count", Parallelism: 2, MaxParallelism: maxParallelism, Operators: []job.Operator{{ID: countID, UID: "count"}}, Inputs: []job.Input{hash.Input(0)}},
	)
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) openStorage(sc script) storage.CheckpointStorage {
	s.t.Helper()
	var store backend.Backend = s.memory
	if sc.backend != nil {
		store = sc.backend(s.memory)
	}
	var registry backend.Registry
	registry.Register(func(context.Context, backend.Root) (backend.Backend, error) { return store, nil }, "mem")
	backends, err := storage.New(&registry, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	s.access, err = backends.CreateCheckpointStorage(s.t.Context(), stageJob, "mem://jobs/checkpoints",
		&storage.AccessOptions{InlineThreshold: 1, AllowVolatile: true, DefaultSavepointDirectory: "mem://jobs/savepoints"})
	if err != nil {
		s.t.Fatal(err)
	}
	return backends
}

// end shuts the coordinator down, once.
func (s *stage) end(status completed.JobStatus) {
	s.t.Helper()
	if err := s.Shutdown(s.t.Context(), status); err != nil {
		s.t.Error(err)
	}
	s.crew.Wait()
}

// deploy has all subtasks run in this attempt.
func (s *stage) deploy(attempt int32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current = make([][]plan.Execution, s.job.Len())
	for i, v := range s.job.Vertices() {
		for subtask := range v.Parallelism {
			a := task.ExecutionAttempt{Vertex: v.ID, Subtask: subtask, Attempt: attempt}
			s.current[i] = append(s.current[i], plan.Execution{Attempt: a, State: task.Running, Gateway: &stageTask{s, v.Name, a}})
		}
	}
}

// enter has a subtask be in a state.
func (s *stage) enter(name string, state task.State) {
	s.mu.Lock()
	defer s.mu.Unlock()
	changed := make([][]plan.Execution, len(s.current))
	for i, executions := range s.current {
		changed[i] = append(changed[i], executions...)
		for k := range changed[i] {
			if changed[i][k].Gateway.(*stageTask).name() == name {
				changed[i][k].State = state
			}
		}
	}
	s.current = changed
}

// Current makes the stage the executions of a coordinator.
func (s *stage) Current() [][]plan.Execution {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current
}

func (s *stage) failJob(cause error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures = append(s.failures, cause)
}

// discarding changes what becomes of garbage.
func (s *stage) discarding(f func(context.Context, coordinator.Garbage) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.discards = f
}

func (s *stage) discard(ctx context.Context, g coordinator.Garbage) error {
	s.ForceFullSnapshot() // deadlocks if the lock is held
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.discards != nil {
		return s.discards(ctx, g)
	}
	s.garbage = append(s.garbage, ids(g.Checkpoints)...)
	s.claimed = g.Claimed
	for _, deletion := range g.SharedState {
		s.shared = append(s.shared, deletion.Path)
	}
	return nil
}

// take returns what tasks have heard since it was last asked, when all are at rest.
func (s *stage) take() string {
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	heard := strings.Join(s.heard, "; ")
	s.heard = nil
	return heard
}

// hear fails the test unless that is what tasks have heard since.
func (s *stage) hear(want ...string) {
	s.t.Helper()
	if got := s.take(); got != strings.Join(want, "; ") {
		s.t.Errorf("tasks heard %q, want %q", got, strings.Join(want, "; "))
	}
}

// hearAnyway is for what two goroutines tell, in whatever order.
func (s *stage) hearAnyway(want []string) {
	s.t.Helper()
	got := strings.Split(s.take(), "; ")
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		s.t.Errorf("tasks heard %q, want %q, in any order", got, want)
	}
}

// everyone is what all tasks hear of the end of a checkpoint.
func everyone(message string) []string {
	var all []string
	for _, name := range []string{"source0", "source1", "count0", "count1"} {
		all = append(all, name+": "+message)
	}
	return all
}

// jobFailures returns why the job was to fail.
func (s *stage) jobFailures() []error {
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failures
}

func (s *stage) discarded() []int64 {
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.garbage
}

// files returns what is below a directory of the store, without the directory, in
// order; random names of state files are left out.
func (s *stage) files(dir string) []string {
	s.t.Helper()
	synctest.Wait()
	var files []string
	for info, err := range s.memory.List(context.Background(), dir) {
		if err != nil {
			s.t.Fatal(err)
		}
		files = append(files, strings.TrimPrefix(strings.TrimPrefix(info.Key, dir), "/"))
	}
	return files
}

// chk is the directory of a checkpoint in the store.
func chk(id string) string { return "checkpoints/" + stageJob.String() + "/chk-" + id }

// crew is an executor whose locks do not keep time from passing.
type crew struct {
	work.Blocking
	running sync.WaitGroup
}

func (c *crew) Go(f func())          { c.running.Go(f) }
func (c *crew) NewLock() sync.Locker { return make(stageLock, 1) }
func (c *crew) Wait()                { c.running.Wait() }

type stageLock chan struct{}

func (l stageLock) Lock()   { l <- struct{}{} }
func (l stageLock) Unlock() { <-l }

func periodicEach(interval time.Duration) func(*checkpointing.Config) {
	return func(c *checkpointing.Config) { c.Interval = interval }
}
