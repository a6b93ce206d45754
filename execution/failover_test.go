package execution

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/task"
)

// The order of a regional failover, and that the other region knows nothing of it.
func TestRegionFails(t *testing.T) {
	r := running(t, &FixedDelay{Attempts: 9, Delay: time.Second})
	r.latest = r.checkpointOf(7)
	r.reportFor("sink.1#0", task.Failed, errBroken)
	r.tells("abort: JOB_FAILOVER_REGION: broken", "stop scheduler", "job is RESTARTING: broken", "cancel source.1#0")

	r.pass(time.Second)
	r.tells() // source.1 has not ended
	r.report("source.1#0", task.Canceled)
	r.tells("abort: JOB_FAILOVER_REGION",
		"restore latest checkpoint to subtasks of source, sink, of source.0#0=RUNNING source.1#1=CREATED sink.0#0=RUNNING sink.1#1=CREATED",
		"start scheduler", "job is RUNNING",
		"deploy source.1#1 from 7", "deploy sink.1#1 from 7")
	if r.waits() != 0 {
		t.Error("a timer is left")
	}
}

// The wait is waited for, however early all have ended.
func TestRestartWaits(t *testing.T) {
	r := running(t, &FixedDelay{Attempts: 9, Delay: time.Second})
	r.report("sink.1#0", task.Failed)
	r.report("source.1#0", task.Canceled)
	r.pass(999 * time.Millisecond)
	if r.Status() != Restarting {
		t.Errorf("the job is %s before the wait is over", r.Status())
	}
	r.pass(time.Millisecond)
	if r.Status() != Running {
		t.Errorf("the job is %s after the wait", r.Status())
	}
}

// Without a checkpoint subtasks go back to the beginning, even those that had begun
// from somewhere.
func TestRestartWithoutCheckpoint(t *testing.T) {
	r := running(t, &FixedDelay{Attempts: 9})
	r.latest = r.checkpointOf(7)
	r.restart("sink.1#0", "source.1#0")
	r.story, r.latest = nil, nil
	r.restart("sink.1#1", "source.1#1")
	r.tells("abort: JOB_FAILOVER_REGION: broken", "stop scheduler", "job is RESTARTING: broken", "cancel source.1#1",
		"abort: JOB_FAILOVER_REGION",
		"restore latest checkpoint to subtasks of source, sink, of source.0#0=RUNNING source.1#2=CREATED sink.0#0=RUNNING sink.1#2=CREATED",
		"start scheduler", "job is RUNNING", "deploy source.1#2", "deploy sink.1#2")
}

// restart has a task fail, and others end with it.
func (r *rig) restart(failed string, others ...string) {
	r.t.Helper()
	r.reportFor(failed, task.Failed, errBroken)
	for _, name := range others {
		r.report(name, task.Canceled)
	}
	r.pass(0)
}

// Two regions fail one after the other: each waits for itself, and the job runs when
// both do.
func TestTwoRegionsFail(t *testing.T) {
	r := running(t, &FixedDelay{Attempts: 9, Delay: time.Second})
	r.restart("sink.1#0", "source.1#0")
	r.pass(time.Second / 2)
	r.restart("source.0#0", "sink.0#0")
	r.story = nil
	r.pass(time.Second / 2)
	r.tells("abort: JOB_FAILOVER_REGION",
		"restore latest checkpoint to subtasks of source, sink, of source.0#0=FAILED source.1#1=CREATED sink.0#0=CANCELED sink.1#1=CREATED",
		"deploy source.1#1", "deploy sink.1#1")
	r.pass(time.Second / 2)
	r.tells("abort: JOB_FAILOVER_REGION",
		"restore latest checkpoint to subtasks of source, sink, of source.0#1=CREATED source.1#1=DEPLOYING sink.0#1=CREATED sink.1#1=DEPLOYING",
		"start scheduler", "job is RUNNING", "deploy source.0#1", "deploy sink.0#1")
}

// A failure of the whole job takes over what waits to be restarted.
func TestGlobalFailureDuringRestart(t *testing.T) {
	r := running(t, &FixedDelay{Attempts: 9, Delay: time.Second})
	r.restart("sink.1#0", "source.1#0")
	r.story = nil
	r.pass(time.Second / 2)
	r.FailGlobal(errBroken)
	r.tells("abort: JOB_FAILOVER_REGION: broken", "cancel source.0#0", "cancel sink.0#0")
	r.report("source.0#0", task.Finished) // it was about to
	r.report("sink.0#0", task.Failed)     // it did not like to be cancelled
	r.pass(time.Second / 2)
	r.tells()
	r.pass(time.Second / 2)
	r.tells("abort: JOB_FAILOVER_REGION",
		"restore latest checkpoint to all, of source.0#1=CREATED source.1#1=CREATED sink.0#1=CREATED sink.1#1=CREATED",
		"start scheduler", "job is RUNNING",
		"deploy source.0#1", "deploy source.1#1", "deploy sink.0#1", "deploy sink.1#1")
	if r.waits() != 0 {
		t.Error("a timer is left")
	}
}

// A task that has finished is started again with its region: what it had sent is lost.
func TestFinishedTasksFailToo(t *testing.T) {
	r := running(t, &FixedDelay{Attempts: 9})
	r.report("source.1#0", task.Finished)
	r.restart("sink.1#0")
	const want = "source.0#0=RUNNING source.1#1=DEPLOYING sink.0#0=RUNNING sink.1#1=DEPLOYING"
	if r.states() != want {
		t.Fatalf("states %s, want %s", r.states(), want)
	}
	for _, name := range []string{"source.0#0", "sink.0#0", "sink.1#1"} {
		r.report(name, task.Finished)
	}
	if r.Status() != Running {
		t.Errorf("the job is %s, and source.1 has not finished", r.Status())
	}
	r.report("source.1#1", task.Finished)
	if r.Status() != Finished {
		t.Errorf("the job is %s", r.Status())
	}
}

func TestRestoreFails(t *testing.T) {
	r := running(t, &FixedDelay{Attempts: 2, Delay: time.Second})
	r.restart("sink.1#0", "source.1#0")
	r.restoreErr = errors.New("storage is away")
	r.story = nil
	r.pass(time.Second)
	r.tells("abort: JOB_FAILOVER_REGION",
		"restore latest checkpoint to subtasks of source, sink, of source.0#0=RUNNING source.1#1=CREATED sink.0#0=RUNNING sink.1#1=CREATED",
		"abort: JOB_FAILOVER_REGION: storage is away", "cancel source.0#0", "cancel sink.0#0")
	r.report("source.0#0", task.Canceled)
	r.report("sink.0#0", task.Canceled)
	r.pass(time.Second)
	r.tells("abort: JOB_FAILOVER_REGION",
		"restore latest checkpoint to all, of source.0#1=CREATED source.1#2=CREATED sink.0#1=CREATED sink.1#2=CREATED",
		"stop scheduler", "job is FAILING: storage is away", "stop scheduler", "job is FAILED: storage is away",
		"shut down coordinator FAILED")
	if status, err := r.Result(); status != Failed || !errors.Is(err, r.restoreErr) {
		t.Error(status, err)
	}
}

// Nobody tries again what will not work.
func TestUnrecoverable(t *testing.T) {
	r := running(t, &FixedDelay{Attempts: 9})
	cause := fmt.Errorf("bad program: %w", ErrUnrecoverable)
	r.reportFor("sink.1#0", task.Failed, cause)
	if r.Status() != Failing {
		t.Errorf("the job is %s", r.Status())
	}
}

// Another coordinator runs the job: here it must not go on, and not be restarted.
func TestFenced(t *testing.T) {
	fenced := fmt.Errorf("checkpoint 8: %w", completed.ErrFenced)
	t.Run("while it runs", func(t *testing.T) {
		r := running(t, &FixedDelay{Attempts: 9})
		r.FailGlobal(fenced)
		r.run()
		r.wantSuspended("source.0#0", "source.1#0", "sink.0#0", "sink.1#0")
	})
	t.Run("when it restores", func(t *testing.T) {
		r := running(t, &FixedDelay{Attempts: 9})
		r.restoreErr = fenced
		r.restart("sink.1#0", "source.1#0")
		r.wantSuspended("source.0#0", "sink.0#0")
	})
}

func (r *rig) wantSuspended(live ...string) {
	r.t.Helper()
	if r.Status() != Suspended {
		r.t.Fatalf("the job is %s", r.Status())
	}
	for _, name := range live {
		r.report(name, task.Canceled)
	}
	if status, err := r.Result(); status != Suspended || !errors.Is(err, completed.ErrFenced) {
		r.t.Error(status, err)
	}
}

// An attempt that others gave up is asked to end, and started again when it has.
func TestFailTask(t *testing.T) {
	r := running(t, &FixedDelay{Attempts: 9})
	id := r.tasks["sink.1#0"].id
	r.FailTask(id, errBroken)
	r.FailTask(id, errBroken) // again: it is known
	r.tells("abort: JOB_FAILOVER_REGION: broken", "stop scheduler", "job is RESTARTING: broken", "cancel source.1#0", "cancel sink.1#0")
	r.pass(0)
	r.report("source.1#0", task.Canceled)
	r.tells()
	r.report("sink.1#0", task.Finished)
	if r.Status() != Running {
		t.Errorf("the job is %s", r.Status())
	}
	r.FailTask(id, errBroken) // of an attempt that is not the current one any more
	r.run()
	if r.Status() != Running {
		t.Errorf("the job is %s", r.Status())
	}
}

// Where deploying fails, what comes after in the region is not deployed, and what came
// before is cancelled.
func TestDeployFails(t *testing.T) {
	r := newRig(t, &FixedDelay{Attempts: 1}, vertex("source", 1), vertex("map", 1, hash(0)), vertex("sink", 1, hash(1)))
	r.deployErr["map.0#0"] = errBroken
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.tells("start scheduler", "job is RUNNING", "deploy source.0#0", "map.0#0 cannot be deployed",
		"abort: JOB_FAILOVER_REGION: broken", "stop scheduler", "job is RESTARTING: broken", "cancel source.0#0")
	r.report("source.0#0", task.Canceled)
	r.pass(0)
	r.tells("abort: JOB_FAILOVER_REGION",
		"restore latest checkpoint to subtasks of source, map, sink, of source.0#1=CREATED map.0#1=CREATED sink.0#1=CREATED",
		"start scheduler", "job is RUNNING", "deploy source.0#1", "deploy map.0#1", "deploy sink.0#1")
	r.deployErr["source.0#2"] = errBroken
	r.restart("map.0#1", "source.0#1", "sink.0#1")
	if r.Status() != Failed {
		t.Errorf("the job is %s after the last attempt failed", r.Status())
	}
}

// A checkpoint that has other key groups than the job was made with keeps them.
func TestRestoredMaxParallelism(t *testing.T) {
	r := running(t, &FixedDelay{Attempts: 9}, vertex("source", 1), vertex("sink", 1, hash(0)))
	r.latest = r.checkpointOf(7)
	r.latest.Assignment.Vertices[1].MaxParallelism = 300
	r.restart("sink.0#0", "source.0#0")
	if got := maxParallelisms(r.Job()); got != [2]int32{128, 300} {
		t.Errorf("max parallelisms %v", got)
	}
	r.latest = nil
	r.restart("sink.0#1", "source.0#1")
	if got := maxParallelisms(r.Job()); got != [2]int32{128, 300} {
		t.Errorf("max parallelisms %v, when nothing was restored", got)
	}
}

func maxParallelisms(j *job.Job) [2]int32 {
	return [2]int32{j.Vertex(0).MaxParallelism, j.Vertex(1).MaxParallelism}
}
