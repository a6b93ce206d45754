package integration_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/masterhook"
	"github.com/cairnstate/cairn/coordinator/work"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/storage"
)

// tracedJob is a job whose master hooks and operator coordinators write down what
// they are given.
type tracedJob struct {
	coordinator *coordinator.Coordinator
	trace       strings.Builder
}

// stopped is a clock that shows the same time for ever.
type stopped struct{ work.System }

func (stopped) Now() time.Time { return time.Unix(0, 0) }

// newTracedJob returns a job with the master hooks that the snapshot has state of,
// and a coordinator for each operator. It lives until the test ends.
func newTracedJob(t *testing.T, j *job.Job, st storage.CheckpointStorage, snapshot flinkSnapshot) *tracedJob {
	t.Helper()
	traced := new(tracedJob)
	var err error
	traced.coordinator, err = coordinator.New(j, st, &coordinator.Options{
		Clock: stopped{},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := traced.coordinator.Shutdown(context.WithoutCancel(t.Context()), completed.Cancelled); err != nil {
			t.Errorf("shut down: %v", err)
		}
	})
	for _, state := range snapshot.MasterStates {
		if err := traced.coordinator.AddMasterHook(tracedHook{traced, state.Name}); err != nil {
			t.Fatal(err)
		}
	}
	for _, v := range j.Vertices() {
		for _, o := range v.Operators {
			if err := traced.coordinator.AddOperatorCoordinator(o.ID, tracedCoordinator{job: traced, id: o.ID}); err != nil {
				t.Fatal(err)
			}
		}
	}
	return traced
}

// describe writes down all that came of a restore.
func (j *tracedJob) describe(r *coordinator.Restored) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n", r.Location().ExternalPointer(), r.Location().MetadataPath())
	fmt.Fprintf(&b, "checkpoint %d, next %d, %s, full snapshot %t\n", r.CheckpointID, r.NextCheckpointID, r.ClaimMode, r.ForceFullSnapshot())
	b.WriteString(render(r.Properties) + "\n" + render(r.CreatedAs) + "\n" + render(r.NotRestored) + "\n")
	b.WriteString(render(j.coordinator.Statistics()) + "\n")
	for i := range r.Assignment.Vertices {
		for task := range r.Assignment.Vertices[i].Subtasks() {
			b.WriteString(render(task) + "\n")
		}
	}
	return b.String() + j.trace.String()
}

// tracedHook is a [masterhook.Hook].
type tracedHook struct {
	job  *tracedJob
	name string
}

func (h tracedHook) Identifier() string { return h.name }

func (h tracedHook) TriggerCheckpoint(context.Context, int64, time.Time) (*masterhook.State, error) {
	return nil, nil
}

func (h tracedHook) Decode(version int32, payload []byte) (any, error) {
	return fmt.Sprintf("version %d: %x", version, payload), nil
}

func (h tracedHook) RestoreCheckpoint(_ context.Context, id int64, state any) error {
	fmt.Fprintf(&h.job.trace, "hook %q restores %d: %v\n", h.name, id, state)
	return nil
}

func (h tracedHook) Reset(context.Context) error { return nil }
func (h tracedHook) Close() error                { return nil }

// tracedCoordinator is a [coordinator.OperatorCoordinator] that is only restored.
type tracedCoordinator struct {
	coordinator.OperatorCoordinator
	job *tracedJob
	id  checkpoint.OperatorID
}

func (c tracedCoordinator) ResetToCheckpoint(_ context.Context, id int64, state []byte) error {
	fmt.Fprintf(&c.job.trace, "coordinator of %s restores %d: %x\n", c.id, id, state)
	return nil
}
