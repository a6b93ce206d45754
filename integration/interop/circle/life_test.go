//go:build interop

package circle

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/request"
	"github.com/cairnstate/cairn/integration/interop/circle/internal/flink"
	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/storage"
)

// life is a job from its start, or restore, to its end: Flink runs it, and cairn's
// coordinator takes its checkpoints.
type life struct {
	t   *testing.T
	ctx context.Context
	*flink.Job
	*coordinator.Coordinator
	access *storage.CheckpointStorageAccess
	place  *place
	heard  *heard
	hooked bool // there is a master hook

	checkpoints int // that were completed
	hasFinished bool
}

// beginning says how a life begins.
type beginning struct {
	job     string
	change  string            // of the parallelism
	options map[string]string // of Flink
	config  func(*checkpointing.Config)
	version int // of the metadata; 0 for the newest

	from string // the pointer of a checkpoint; empty for a job that starts anew
	mode coordinator.ClaimMode
}

var lives byte

// begin has Flink run the job. If there is something to restore, both restore it, each
// for itself: Flink the tasks, cairn its books.
func (p *place) begin(t *testing.T, v *flink.JVM, b beginning) *life {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 5*time.Minute)
	t.Cleanup(cancel)
	lives++
	l := &life{t: t, ctx: ctx, place: p}
	options := p.with(b.options)
	if b.from != "" {
		options["execution.state-recovery.path"] = b.from
		options["execution.state-recovery.claim-mode"] = strings.ToUpper(b.mode.String())
	}
	program := flink.Program{Job: b.job, Change: b.change, ID: checkpoint.JobID{lives}, Configuration: options}
	var err error
	if l.Job, err = v.Run(ctx, program); err != nil {
		t.Fatal(err)
	}
	l.coordinate(b)
	go l.Forward(l.heard)
	if b.from != "" {
		l.restore(b)
	}
	return l
}

func (l *life) coordinate(b beginning) {
	l.t.Helper()
	config := checkpointing.Default()
	config.Interval = time.Hour // and nobody starts the clock
	config.Timeout = 2 * time.Minute
	config.Retained = retained
	config.Retention = checkpointing.RetainOnCancellation
	if b.config != nil {
		b.config(&config)
	}
	settings, err := config.Coordinator()
	if err != nil {
		l.t.Fatal(err)
	}
	l.access, err = l.place.storage.CreateCheckpointStorage(l.ctx, l.ID, l.place.checkpoints(),
		&storage.AccessOptions{DefaultSavepointDirectory: l.place.savepoints()})
	if err != nil {
		l.t.Fatal(err)
	}
	l.Coordinator, err = coordinator.New(l.Job.Job, l.place.storage, &coordinator.Options{
		Retain: int(config.Retained),
		Logger: slog.New(slog.NewTextHandler(l.t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
		Checkpointing: &coordinator.Checkpointing{
			Job: l.ID, Config: settings, Storage: l.access, Executions: l.Job, Version: b.version,
			FailJob: func(cause error) { l.t.Errorf("the job was to fail: %v", cause) },
		},
	})
	if err != nil {
		l.t.Fatal(err)
	}
	l.heard = &heard{to: l.Coordinator, snapshots: map[int64]map[who]what{}}
	l.join(b)
}

// join adds who else takes part in checkpoints.
func (l *life) join(b beginning) {
	l.t.Helper()
	if l.hooked = b.job == "features"; l.hooked {
		if err := l.AddMasterHook(masterHook{}); err != nil {
			l.t.Fatal(err)
		}
	}
	for _, oc := range l.OperatorCoordinators() {
		if err := l.AddOperatorCoordinator(oc.Operator, oc); err != nil {
			l.t.Fatal(err)
		}
	}
}

func (l *life) restore(b beginning) {
	l.t.Helper()
	restored, err := l.RestoreSavepoint(l.ctx, coordinator.SavepointRestoreSettings{Path: b.from, ClaimMode: b.mode})
	if err != nil {
		l.t.Fatal(err)
	}
	if len(restored.NotRestored) > 0 {
		l.t.Errorf("of %s nobody gets %v", b.from, restored.NotRestored)
	}
	for _, oc := range l.OperatorCoordinators() {
		if len(oc.ResetTo()) == 0 {
			l.t.Errorf("the coordinator of operator %s has no state in %s", oc.Operator, b.from)
		}
	}
}

// take asks for a checkpoint and waits for it.
func (l *life) take(ask func() *request.Promise) *completed.Checkpoint {
	l.t.Helper()
	cp, err := l.try(ask)
	if err != nil {
		l.t.Fatal(err)
	}
	return cp
}

func (l *life) try(ask func() *request.Promise) (*completed.Checkpoint, error) {
	l.t.Helper()
	if err := l.Look(l.ctx); err != nil {
		return nil, err
	}
	cp, err := ask().Wait(l.ctx)
	if err != nil {
		return nil, err
	}
	if !cp.IsSavepoint() { // of which tasks hear nothing
		l.checkpoints++
		l.Confirmed(cp.ID)
	}
	l.written(cp)
	l.t.Logf("checkpoint %d: %s, %d bytes of state, %s", cp.ID, cp.Properties.Type.Name, cp.StateSize(), cp.ExternalPointer())
	return cp, nil
}

func (l *life) checkpoint() *request.Promise { return l.TriggerCheckpoint(coordinator.Configured) }

// feed lets the sources emit, and returns while they do.
func (l *life) feed(limit int, delay time.Duration) {
	l.t.Helper()
	if err := l.Feed(l.ctx, limit, delay); err != nil {
		l.t.Fatal(err)
	}
}

// cancel ends the life. The checkpoints stay.
func (l *life) cancel() {
	l.t.Helper()
	if status, err := l.Cancel(l.ctx); err != nil || status != "CANCELED" {
		l.t.Fatalf("the job is %s, %v", status, err)
	}
	l.keep()
	l.shutdown(completed.Cancelled)
}

func (l *life) shutdown(status completed.JobStatus) {
	l.t.Helper()
	if err := l.Shutdown(l.ctx, status); err != nil {
		l.t.Fatal(err)
	}
}
