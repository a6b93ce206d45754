//go:build interop

package circle

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/plan"
	"github.com/cairnstate/cairn/coordinator/request"
	"github.com/cairnstate/cairn/integration/interop/internal/random"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/task"
)

// scenario is a random job without any Flink, whose tasks, operator coordinators and
// hooks answer the coordinator at random. The same seed gives the same answers.
type scenario struct {
	*coordinator.Coordinator
	t        *testing.T
	rng      *rand.Rand
	states   *random.Generator
	version  int
	id       checkpoint.JobID
	job      *job.Job
	current  [][]plan.Execution
	hooks    []*randomHook
	partners map[checkpoint.OperatorID]*partner

	mu        sync.Mutex
	script    map[task.ExecutionAttempt]*task.Snapshot // of the checkpoint that is being taken
	declines  bool
	begun     int64 // the last checkpoint that tasks have heard of
	shareable []checkpoint.StreamStateHandle
}

func newScenario(t *testing.T, p *place, seed uint64, version int, words random.Vocabulary) *scenario {
	t.Helper()
	s := &scenario{t: t, rng: rand.New(rand.NewPCG(seed, uint64(version))), version: version, states: random.New(seed, version, words)}
	s.states.Reported = true
	s.makeJob()
	s.makePartners()
	config := checkpointing.Default()
	config.Interval, config.TolerableFailures = checkpointing.Disabled, 100
	settings, err := config.Coordinator()
	if err != nil {
		t.Fatal(err)
	}
	s.id = checkpoint.JobID{byte(version), byte(seed >> 8), byte(seed)}
	access, err := p.storage.CreateCheckpointStorage(t.Context(), s.id, p.checkpoints(), nil)
	if err != nil {
		t.Fatal(err)
	}
	s.Coordinator, err = coordinator.New(s.job, p.storage, &coordinator.Options{
		Discard: func(context.Context, coordinator.Garbage) error { return nil }, // no handle here is on a file
		Checkpointing: &coordinator.Checkpointing{
			Job: s.id, Config: settings, Storage: access, Executions: s, Version: version,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.join()
	return s
}

func (s *scenario) join() {
	s.t.Helper()
	for _, hook := range s.hooks {
		if err := s.AddMasterHook(hook); err != nil {
			s.t.Fatal(err)
		}
	}
	for op, p := range s.partners {
		if err := s.AddOperatorCoordinator(op, p); err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *scenario) Current() [][]plan.Execution { return s.current }

// run takes some snapshots and writes down what must be in them. It returns how many
// there were, and how many had to be refused.
func (s *scenario) run(w *written, savepoints string) (taken, refused int) {
	s.t.Helper()
	for range 1 + s.rng.IntN(4) {
		cp, err := s.ask(savepoints).Wait(s.t.Context())
		if err != nil {
			s.checkRefused(err)
			refused++
			continue
		}
		s.write(w, cp)
		taken++
	}
	if err := s.Shutdown(s.t.Context(), completed.Suspended); err != nil {
		s.t.Fatal(err)
	}
	return taken, refused
}

// ask asks for a snapshot of some kind. Tasks share files between checkpoints, and none
// with savepoints.
func (s *scenario) ask(savepoints string) *request.Promise {
	kind := s.rng.IntN(8)
	s.answerAnew(kind > 2)
	switch kind {
	case 0:
		return s.TriggerSavepoint(savepoints, checkpoint.Canonical)
	case 1:
		return s.TriggerSavepoint(savepoints, checkpoint.Native)
	case 2:
		return s.StopWithSavepoint(savepoints, checkpoint.Native, s.chance(0.5))
	case 3:
		return s.TriggerCheckpoint(coordinator.Full)
	case 4:
		return s.TriggerCheckpoint(coordinator.Incremental)
	}
	return s.TriggerCheckpoint(coordinator.Configured)
}

// checkRefused holds that there was a reason: a task declined, or union state would
// have been incomplete.
func (s *scenario) checkRefused(err error) {
	s.t.Helper()
	switch reason := checkpoint.ReasonOf(err, ""); {
	case s.declines && reason == checkpoint.CheckpointDeclined:
	case !s.declines && reason == checkpoint.DeclinedTaskClosing && s.partlyFinished():
	default:
		s.t.Errorf("refused: %v", err)
	}
}

func (s *scenario) write(w *written, cp *completed.Checkpoint) {
	s.t.Helper()
	data, err := cp.Location.ReadMetadata(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	a := answers{
		job: s.job, current: s.current, whole: s.withHandlesOfThen(w),
		snapshot:    s.snapshot,
		coordinator: func(op checkpoint.OperatorID) []byte { return s.partners[op].saved() },
	}
	for _, hook := range s.hooks {
		if hook.state != nil {
			a.hooks = append(a.hooks, checkpoint.MasterState{Name: hook.identifier, Version: hook.state.Version, Payload: hook.state.Payload})
		}
	}
	w.add(s.t, data, s.version, a.metadata(cp))
	if !cp.IsSavepoint() {
		s.shareable = s.sharedIn(cp)
	}
}
