package simulation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
)

// leader is a process that was elected to run the job: a real coordinator, and the job
// as it has it. There may be several that believe they lead.
type leader struct {
	*process
	number      int
	storage     *storage.BackendStorage
	access      *storage.CheckpointStorageAccess
	coordinator *coordinator.Coordinator
	journal     completed.Journal
	deployment  *deployment
	split       *split
	hook        *hook
	ended       bool // it knows that it does not lead
}

// inlined is how many bytes of state are a part of the metadata, and no file.
const inlined = 20

const (
	scheme    = "sim"
	directory = scheme + "://disk/checkpoints"
	userPlace = scheme + "://disk/savepoints"
)

// openStorage gives a process its own view of the disk.
func (w *world) openStorage(p *process) (*storage.BackendStorage, *storage.CheckpointStorageAccess, error) {
	var registry backend.Registry
	registry.Register(func(context.Context, backend.Root) (backend.Backend, error) {
		return w.seams.backend(store{p}), nil
	}, scheme)
	st, err := storage.New(&registry, &storage.Options{AllowAnyPath: true})
	if err != nil {
		return nil, nil, err
	}
	access, err := st.CreateCheckpointStorage(context.Background(), w.jobID, directory,
		&storage.AccessOptions{DefaultSavepointDirectory: userPlace, InlineThreshold: inlined, WriteBufferSize: inlined})
	return st, access, err
}

// errOver is what a supervisor says. The record of a job that has finished is removed, so
// nothing else can tell one that was asleep all the time.
var errOver = errors.New("the job has finished")

// elect starts another leader. Nobody asks the others.
func (w *world) elect(why string) {
	l := &leader{process: w.newProcess(fmt.Sprintf("leader %d", len(w.leaders)+1)), number: len(w.leaders) + 1}
	l.leader = l.number
	l.doom = w.fateOf(l.number)
	l.onDeath = l.leave
	l.deployment = &deployment{leader: l}
	w.leaders = append(w.leaders, l)
	w.story.tell(w.now, l.process, "is elected:", why)
	l.spawn(0, "starts", "", func() {
		if err := l.start(); err != nil {
			l.fail(err)
		}
	})
}

// start takes the job over, restores it, sweeps, and deploys its subtasks.
func (l *leader) start() error {
	w := l.world
	if err := l.open(); err != nil {
		return err
	}
	settings := w.settings
	if w.over {
		settings.Path = "" // it does not begin again
	}
	restored, err := l.restore(func(ctx context.Context) (*coordinator.Restored, error) {
		return l.coordinator.RestoreInitial(ctx, settings)
	})
	if err != nil {
		return err
	}
	if l.sweep(); w.sweeping {
		return nil
	}
	return l.deployment.deploy(restored, w.job.everything())
}

// open opens the storage and the store, and makes the coordinator.
func (l *leader) open() (err error) {
	w := l.world
	if l.storage, l.access, err = w.openStorage(l.process); err != nil {
		return err
	}
	opts := l.options()
	if err := l.openStore(opts); err != nil {
		return err
	}
	if w.over && !w.sweeping {
		return errOver
	}
	if l.coordinator, err = coordinator.New(w.job.Job, l.storage, opts); err != nil {
		return err
	}
	return l.addBeside()
}

func (l *leader) options() *coordinator.Options {
	w := l.world
	return &coordinator.Options{
		RetentionPolicy: w.job.config.Retention, Clock: clock{l.process}, Executor: executor{l.process}, Logger: l.logger(),
		Checkpointing: &coordinator.Checkpointing{
			Job: w.jobID, Config: w.job.config, Storage: l.access, Executions: w.seams.executions(l.deployment), FailJob: l.failJob,
			Random: func(n int64) int64 { return w.random.Int64N(n) },
		},
	}
}

// restore restores, and has the result judged.
func (l *leader) restore(how func(context.Context) (*coordinator.Restored, error)) (*coordinator.Restored, error) {
	h := l.world.history
	since := len(h.course) - 1
	r, err := how(l.ctx)
	if err == nil && !l.dead {
		l.world.story.tell(l.world.now, l.process, "has restored", restoredName(r))
		h.restored(l, r, since)
	}
	return r, err
}

func restoredName(r *coordinator.Restored) string {
	if r == nil {
		return "nothing"
	}
	return fmt.Sprintf("checkpoint %d", r.CheckpointID)
}

// failJob is what the coordinator calls when the job must not go on as it is.
func (l *leader) failJob(cause error) {
	if errors.Is(cause, completed.ErrFenced) {
		l.fail(cause)
		return
	}
	l.world.story.fails(l.world.now, l.process, "must not go on as it is:", cause)
	l.deployment.restart(l.world.job.everything(), "it failed")
}

// fail ends the leader: it knows that it cannot lead, or does not. Another is elected.
func (l *leader) fail(cause error) {
	if l.ended || l.dead {
		return
	}
	l.ended = true
	l.world.story.fails(l.world.now, l.process, "gives up:", cause)
	if l.coordinator != nil && l.world.chance(0.5) {
		if err := l.coordinator.Shutdown(l.ctx, completed.Suspended); err != nil {
			l.world.story.fails(l.world.now, l.process, "shut down with", err)
		}
	}
	l.world.after(l.world.between(0, 5*time.Second), l.process, "exits", "", func() { l.kill("it gave up") })
}

// leave is what the death of a leader leads to: its tasks end when they notice, and
// somebody else is elected.
func (l *leader) leave() {
	l.deployment.cancel(l.deployment.all(), 20*time.Second)
	w := l.world
	w.after(w.between(time.Second, 5*time.Second), nil, "an election", "", func() {
		if w.leading() == nil && !w.calming && !w.over {
			w.elect(l.name + " is gone")
		}
	})
}

// leading returns the last leader if it lives.
func (w *world) leading() *leader {
	if len(w.leaders) == 0 || w.leaders[len(w.leaders)-1].dead {
		return nil
	}
	return w.leaders[len(w.leaders)-1]
}
