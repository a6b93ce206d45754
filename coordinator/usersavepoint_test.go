package coordinator_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/request"
	"github.com/cairnstate/cairn/job/checkpointing"
)

// A savepoint goes where the user says, whole, in a directory of its own. It is the
// user's: not in the store, and no business of the tasks.
func TestSavepointTarget(t *testing.T) {
	for target, prefix := range map[string]string{"": "savepoints", "mem://jobs/elsewhere": "elsewhere"} {
		onStage(t, script{}, func(t *testing.T, s *stage) {
			first, second := s.TriggerSavepoint(target, checkpoint.Canonical), s.TriggerSavepoint(target, checkpoint.Native)
			s.hear(append(barriers(1), barriers(2)...)...)
			if a, b := s.barrier(1).Options, s.barrier(2).Options; a.Type != checkpoint.SavepointType(checkpoint.Canonical, checkpoint.ActionNone) ||
				b.Type != checkpoint.SavepointType(checkpoint.Native, checkpoint.ActionNone) {
				t.Errorf("types %+v, %+v", a.Type, b.Type)
			}
			s.acknowledgeAll(1)
			s.acknowledgeAll(2)
			s.kept(first, 1)
			s.kept(second, 2)
			s.hear()
			a, _ := first.Result()
			b, _ := second.Result()
			want := "mem://jobs/" + prefix + "/savepoint-" + stageJob.String()[:6] + "-"
			if !strings.HasPrefix(a.ExternalPointer(), want) || !strings.HasPrefix(b.ExternalPointer(), want) || a.ExternalPointer() == b.ExternalPointer() {
				t.Errorf("savepoints at %s and %s", a.ExternalPointer(), b.ExternalPointer())
			}
			if len(s.Completed()) > 0 || a.Owned || len(s.files(prefix)) != 10 {
				t.Errorf("completed %v, owned %v, files %v", ids(s.Completed()), a.Owned, s.files(prefix))
			}
		})
	}
}

// A savepoint that fails leaves nothing in the user's directory, and counts only if a
// task is to blame.
func TestSavepointFails(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		p := s.TriggerSavepoint("", checkpoint.Canonical)
		s.acknowledge(1, "source0", "source1")
		if got := s.files("savepoints"); len(got) != 2 {
			t.Fatalf("files %v", got)
		}
		time.Sleep(10 * time.Minute)
		s.broken(p, checkpoint.CheckpointExpired)
		if got := s.files("savepoints"); len(got) > 0 {
			t.Errorf("files stay: %v", got)
		}
		if got := s.jobFailures(); len(got) > 0 {
			t.Errorf("the job fails with %v", got)
		}
		s.TriggerSavepoint("", checkpoint.Canonical)
		synctest.Wait()
		s.decline(2, "count0", nil)
		if got := s.jobFailures(); len(got) != 1 {
			t.Errorf("the job fails with %v", got)
		}
	})
}

// A target that cannot be is refused before a task has heard of it.
func TestSavepointTargetIsRefused(t *testing.T) {
	onStage(t, script{}, func(_ *testing.T, s *stage) {
		s.broken(s.TriggerSavepoint("nowhere://bucket/x", checkpoint.Canonical), checkpoint.IOException)
		s.hearAnyway(everyone("aborted 1, latest -1"))
		p := s.TriggerSavepoint("", checkpoint.Canonical)
		s.acknowledgeAll(2)
		s.kept(p, 2)
	})
}

// Where checkpoints are aligned a savepoint overtakes those that wait, and those that
// run; where they are not, its barrier would be stuck behind theirs, so it waits.
func TestSavepointsOvertake(t *testing.T) {
	for _, unaligned := range []bool{false, true} {
		config := func(c *checkpointing.Config) { c.Interval, c.Unaligned = time.Hour, unaligned }
		onStage(t, script{config: config}, func(t *testing.T, s *stage) {
			s.TriggerCheckpoint(coordinator.Configured)
			s.hear(barriers(1)...)
			s.TriggerCheckpoint(coordinator.Configured)
			s.TriggerSavepoint("", checkpoint.Canonical)
			if !unaligned {
				s.hear(barriers(2)...)
			} else {
				s.hear()
				s.acknowledgeAll(1)
				s.hearAnyway(append(everyone("complete 1, subsumed -1"), barriers(2)...))
			}
			if b := s.barrier(2); !b.Options.Type.Savepoint || b.Options.Unaligned {
				t.Errorf("second is %+v", b.Options)
			}
		})
	}
}

// A savepoint does not push out older checkpoints, nor does it end those under way; but
// the timer pauses after it.
func TestSavepointBesideCheckpoints(t *testing.T) {
	config := func(c *checkpointing.Config) { c.Interval, c.MinPause = time.Minute, 30*time.Second }
	onStage(t, script{config: config, random: atOnce}, func(t *testing.T, s *stage) {
		s.start()
		time.Sleep(30 * time.Second)
		s.hear(barriers(1)...)
		p := s.TriggerSavepoint("", checkpoint.Canonical)
		s.hear(barriers(2)...)
		time.Sleep(50 * time.Second)
		s.acknowledgeAll(2)
		s.kept(p, 2)
		s.acknowledgeAll(1)
		s.hear(everyone("complete 1, subsumed -1")...)
		if got := ids(s.Completed()); fmt.Sprint(got) != "[1]" {
			t.Errorf("completed %v", got)
		}
		save := s.TriggerSavepoint("", checkpoint.Canonical)
		s.acknowledgeAll(3)
		s.kept(save, 3)
		s.take()
		time.Sleep(30*time.Second - 1) // the tick at 1:30 was too early
		s.hear()
		time.Sleep(time.Nanosecond)
		s.hear(barriers(4)...)
	})
}

// journal is a store that writes down what is half done.
type journal struct {
	*stageStore
	mu    sync.Mutex
	lines []string
}

func (j *journal) wrote(format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, fmt.Sprintf(format, args...))
}

func (j *journal) take() string {
	synctest.Wait()
	j.mu.Lock()
	defer j.mu.Unlock()
	lines := strings.Join(j.lines, "; ")
	j.lines = nil
	return lines
}

func (j *journal) Started(ctx context.Context, l completed.Leftover) error {
	j.wrote("started %d %v", l.ID, l.Savepoint && strings.Contains(l.Directory, "/savepoints/savepoint-"))
	return j.pass(ctx)
}
func (j *journal) Completed(ctx context.Context, id int64) error {
	j.wrote("completed %d", id)
	return j.pass(ctx)
}
func (j *journal) Ended(id int64)                     { j.wrote("ended %d", id) }
func (j *journal) Conclude(context.Context) error     { return nil }
func (j *journal) Leftovers() []completed.Leftover    { return nil }
func (j *journal) PushedOut() []*completed.Checkpoint { return nil }
func (j *journal) Claimed() []string                  { return []string{claimedBefore} }

// claimedBefore is a checkpoint that an earlier coordinator claimed, and that is gone.
const claimedBefore = "mem://world/another/chk-5"

// onJournal plays on a stage whose store is a journal.
func onJournal(t *testing.T, sc script, play func(t *testing.T, s *stage, j *journal)) {
	t.Helper()
	j := &journal{stageStore: newStageStore(t, 1)}
	sc.options = func(o *coordinator.Options) { o.Store = j }
	onStage(t, sc, func(t *testing.T, s *stage) { play(t, s, j) })
}

// A crash must not leave a directory that nobody knows of: that of a savepoint is
// written down before anything is in it, and struck off when it is the user's, or gone.
func TestSavepointsAreWrittenDown(t *testing.T) {
	onJournal(t, script{}, func(t *testing.T, s *stage, j *journal) {
		j.fail(errBroken)
		s.broken(s.TriggerSavepoint("", checkpoint.Canonical), checkpoint.IOException)
		if heard := s.take(); strings.Contains(heard, "barrier") {
			t.Errorf("not written down, and tasks heard %s", heard)
		}
		j.fail(nil)
		j.take()
		p := s.TriggerSavepoint("", checkpoint.Canonical)
		s.hear(barriers(2)...)
		if got := j.take(); got != "started 2 true" {
			t.Errorf("written %q", got)
		}
		s.acknowledgeAll(2)
		s.kept(p, 2)
		if got := j.take(); !strings.HasPrefix(got, "completed 2") {
			t.Errorf("written %q", got)
		}
	})
}

// What was claimed before a restart, and pushed out since, has given the job files in
// another directory: who deletes garbage is told where.
func TestWhatWasClaimedIsRememberedOverARestart(t *testing.T) {
	onJournal(t, script{}, func(t *testing.T, s *stage, _ *journal) {
		if _, err := s.RestoreLatestToAll(t.Context()); err != nil {
			t.Fatal(err)
		}
		for id := int64(1); id <= 2; id++ {
			s.TriggerCheckpoint(coordinator.Configured)
			s.acknowledgeAll(id)
		}
		if s.discarded(); fmt.Sprint(s.claimed) != "["+claimedBefore+"]" {
			t.Errorf("garbage names %q as claimed", s.claimed)
		}
	})
}

// Whoever took over may have swept files of a savepoint that was not published yet. Who
// publishes it nonetheless tells nobody, and leaves it to whoever leads.
func TestASavepointOfWhoWasOvertakenIsNone(t *testing.T) {
	onJournal(t, script{}, func(t *testing.T, s *stage, j *journal) {
		p := s.TriggerSavepoint("", checkpoint.Canonical)
		s.hear(barriers(1)...)
		j.fail(fmt.Errorf("completed: %w", completed.ErrFenced))
		s.acknowledgeAll(1)
		s.broken(p, checkpoint.FinalizeCheckpointFailure)
		if heard := s.take(); strings.Contains(heard, "complete") {
			t.Errorf("tasks heard %s", heard)
		}
		if got := s.jobFailures(); len(got) == 0 || !errors.Is(got[0], completed.ErrFenced) {
			t.Errorf("the job failed with %v, want ErrFenced", got)
		}
		if got := j.take(); strings.Contains(got, "ended") {
			t.Errorf("written %q", got)
		}
	})
}

// What was given up is struck off when it is gone for good: a task that was late may
// write once more, so that is after the next one has completed.
func TestAbortedOnesAreStruckOffLate(t *testing.T) {
	onJournal(t, script{}, func(t *testing.T, s *stage, j *journal) {
		s.TriggerCheckpoint(coordinator.Configured)
		s.acknowledge(1, "source0")
		s.decline(1, "count0", &checkpoint.Failure{Reason: checkpoint.DeclinedTaskNotReady})
		if got := j.take(); got != "" || len(s.files(chk("1"))) > 0 {
			t.Errorf("written %q, files %v", got, s.files(chk("1")))
		}
		s.answer("source1", 1) // writes, and dies before it says so
		s.TriggerCheckpoint(coordinator.Configured)
		s.acknowledgeAll(2)
		if got := j.take(); got != "ended 1" || len(s.files(chk("1"))) > 0 {
			t.Errorf("written %q, files %v", got, s.files(chk("1")))
		}
	})
}

// A savepoint that was given up while its directory was written down goes no further:
// nobody is asked for state, and there are no files.
func TestGivenUpWhileWrittenDown(t *testing.T) {
	onJournal(t, script{}, func(t *testing.T, s *stage, j *journal) {
		oc := withParticipants(t, s)
		j.hold()
		p := s.TriggerSavepoint("", checkpoint.Canonical)
		synctest.Wait()
		s.AbortPendingCheckpoints(&checkpoint.Failure{Reason: checkpoint.JobFailoverRegion})
		j.release()
		s.broken(p, checkpoint.JobFailoverRegion)
		if len(oc.asked) > 0 || len(s.files("")) > 0 {
			t.Errorf("asked for %v, files %v", oc.asked, s.files(""))
		}
		if heard := s.take(); strings.Contains(heard, "barrier") {
			t.Errorf("tasks heard %s", heard)
		}
		next := s.TriggerCheckpoint(coordinator.Configured)
		synctest.Wait()
		oc.answer(nil, nil)
		s.acknowledgeAll(2)
		s.kept(next, 2)
	})
}

// The format is written into the metadata, where Flink would choke on one that is none.
func TestSavepointFormats(t *testing.T) {
	for format, want := range map[checkpoint.SavepointFormat]checkpoint.SavepointFormat{
		"": checkpoint.Canonical, checkpoint.Canonical: checkpoint.Canonical, checkpoint.Native: checkpoint.Native, "native": "",
	} {
		onStage(t, script{}, func(t *testing.T, s *stage) {
			for id, ask := range []func() *request.Promise{
				func() *request.Promise { return s.TriggerSavepoint("", format) },
				func() *request.Promise { return s.StopWithSavepoint("", format, false) },
			} {
				p := ask()
				if heard := s.take(); heard != "" {
					s.acknowledgeAll(int64(id) + 1)
				}
				cp, err := p.Result()
				if want == "" && (err == nil || !strings.Contains(err.Error(), "CANONICAL")) || want != "" && (err != nil || cp.Properties.Type.Format != want) {
					t.Errorf("%q: %+v, %v; want %q", format, cp, err, want)
				}
			}
		})
	}
}
