package sweep_test

import (
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/sweep"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
)

// litter is what a leader leaves that died in the middle of everything. It returns the
// leader.
func litter(t testing.TB, b backend.Backend) *site {
	t.Helper()
	s := at(t, b)
	one := s.location(s.take())
	kept, gone := s.write(one, storage.SharedState), s.write(one, storage.SharedState)
	first := s.publish(one, 1, kept, gone)
	s.add(first)
	s.add(s.publish(s.location(s.take()), 2, kept)) // 1 and gone are to be deleted
	s.write(s.location(s.take()), storage.ExclusiveState)
	s.publish(s.location(s.take()), 4, s.write(s.location(4), storage.SharedState)) // and never added
	for id, complete := range map[int64]bool{s.take(): false, s.take(): true} {
		l := s.savepoint(id)
		s.write(l, storage.ExclusiveState)
		if complete {
			s.publish(l, id)
		}
	}
	s.write(s.location(s.take()), storage.SharedState) // an upload that nobody came to know
	return s
}

func TestALeaderSweepsUpAfterTheOneBefore(t *testing.T) {
	b := newStore()
	litter(t, b)
	s := at(t, b)
	plan := s.sweep()
	left := files(t, b)
	if !strings.HasPrefix(left, "chk-2*:2 savepoint-010000-") || !strings.HasSuffix(left, "*:3 shared:1") || strings.Count(left, "savepoint") != 1 {
		t.Errorf("left is %s, after\n%s", left, plan)
	}
	if len(s.Leftovers()) > 0 {
		t.Errorf("not ended are %v", s.Leftovers())
	}
	if plan := s.sweep(); !plan.Empty() {
		t.Errorf("a second sweep finds\n%s", plan)
	}
	s.take()
	if plan := at(t, b).sweep(); !plan.Empty() {
		t.Errorf("the next leader finds\n%s", plan)
	}
}

// All in one call, which tells what it does.
func TestSweeping(t *testing.T) {
	b := newStore()
	litter(t, b)
	s := at(t, b)
	var story strings.Builder
	must(t, sweep.Sweep(t.Context(), s.access, s, slog.New(slog.NewTextHandler(&story, nil)), nil))
	for _, line := range []string{`msg="sweeping a directory" checkpoint=1`, `checkpoint=4 directory=` + jobDirectory + `/chk-4 complete=true files=2`, `mentions" files=3`, `msg="not sweeping a directory" checkpoint=6`} {
		if !strings.Contains(story.String(), line) {
			t.Errorf("it does not say %s:\n%s", line, &story)
		}
	}
	must(t, sweep.Sweep(t.Context(), s.access, s, nil, nil))
	put(t, b, "ck/01000000000000000000000000000000/chk-99/_metadata", "not metadata")
	if err := sweep.Sweep(t.Context(), s.access, s, nil, nil); !errors.Is(err, sweep.ErrDoubt) {
		t.Errorf("swept: %v", err)
	}
}

// Of what a user keeps nothing goes: not the checkpoint, nor what it shares with others.
func TestWhatTheUserRetainedKeepsItsFiles(t *testing.T) {
	b := newStore()
	s := at(t, b)
	l := s.location(s.take())
	s.add(s.publish(l, 1, s.write(l, storage.SharedState), s.write(l, storage.SharedState)))
	_, retain, err := s.Shutdown(t.Context(), completed.Cancelled)
	if err != nil || len(retain) != 1 {
		t.Fatalf("retained %v, %v", retain, err)
	}
	must(t, s.Conclude(t.Context()))
	before := files(t, b)
	s = at(t, b)
	s.take()
	s.write(s.location(2), storage.SharedState)
	at(t, b).sweep()
	if after := files(t, b); after != before {
		t.Errorf("there was %s, left is %s", before, after)
	}
}

// A retained checkpoint somewhere else may use files of this job, as one that was
// restored in legacy mode does.
func TestWhatIsRetainedElsewhereKeepsItsFiles(t *testing.T) {
	b := newStore()
	s := at(t, b)
	shared := s.write(s.location(s.take()), storage.SharedState)
	other := atJob(t, b, checkpoint.JobID{2})
	foreign := other.publish(other.location(9), 9, shared)
	foreign.Owned, foreign.Properties = false, checkpoint.SavepointProperties(checkpoint.Canonical, checkpoint.ActionNone, false)
	s.add(foreign)
	before := files(t, b)
	at(t, b).sweep()
	if after := files(t, b); after != before {
		t.Errorf("there was %s, left is %s", before, after)
	}
}

// One file that cannot be read is enough: nothing is deleted.
func TestInDoubtNothingIsSwept(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, b backend.Backend){
		"damaged": func(t *testing.T, b backend.Backend) {
			put(t, b, "ck/01000000000000000000000000000000/chk-99/_metadata", "not metadata")
		},
		"of a newer Flink, in a directory of any name": func(t *testing.T, b backend.Backend) {
			put(t, b, "ck/01000000000000000000000000000000/backup/mine/_metadata", "\x49\x60\x67\x2d\x00\x00\x00\x63")
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newStore()
			litter(t, b)
			spoil(t, b)
			before := files(t, b)
			plan, err := at(t, b).plan()
			if !errors.Is(err, sweep.ErrDoubt) || !strings.Contains(err.Error(), "nothing is deleted") || !strings.Contains(err.Error(), "/_metadata") {
				t.Errorf("planned %v, %v", plan, err)
			}
			if after := files(t, b); after != before {
				t.Errorf("there was %s, left is %s", before, after)
			}
		})
	}
}

// What cannot be listed or read for the moment is the same doubt.
func TestASilentStoreIsNotSwept(t *testing.T) {
	b := newStore()
	litter(t, b)
	s := at(t, b)
	s.access = accessOf(t, silent{b, "/chk-2/_metadata"}, checkpoint.JobID{1})
	if _, err := s.plan(); !errors.Is(err, sweep.ErrDoubt) || !errors.Is(err, backend.ErrTransient) {
		t.Errorf("planned: %v", err)
	}
	s.access = accessOf(t, silent{b, "ck/01000000000000000000000000000000"}, checkpoint.JobID{1})
	if _, err := s.plan(); !errors.Is(err, backend.ErrTransient) {
		t.Errorf("planned: %v", err)
	}
}

// A checkpoint that is to go anyway need not be readable.
func TestLeftoversNeedNotBeReadable(t *testing.T) {
	b := newStore()
	s := at(t, b)
	s.take()
	put(t, b, "ck/01000000000000000000000000000000/chk-1/_metadata", "half a file")
	at(t, b).sweep()
	if left := files(t, b); left != "" {
		t.Errorf("left is %s", left)
	}
}

// A leader that does not know that it was overtaken, and its tasks, go on writing after
// the sweep: the next start clears that away too.
func TestWhatAZombieWritesGoesAtTheNextStart(t *testing.T) {
	b := newStore()
	zombie := at(t, b)
	id := zombie.take()
	zombie.write(zombie.location(id), storage.ExclusiveState)
	s := at(t, b)
	s.sweep()
	if left := files(t, b); left != "" {
		t.Fatalf("left is %s", left)
	}
	s.add(s.publish(s.location(s.take()), 2)) // writes what was ended

	late := zombie.write(zombie.location(id), storage.SharedState)
	cp := zombie.publish(zombie.location(id), id, late)
	if _, err := zombie.Add(t.Context(), cp); !errors.Is(err, completed.ErrFenced) {
		t.Errorf("the zombie adds: %v", err)
	}
	if left := files(t, b); left != "chk-1*:2 chk-2*:2 shared:1" {
		t.Fatalf("the zombie wrote %s", left)
	}
	at(t, b).sweep()
	if left := files(t, b); left != "chk-2*:2" {
		t.Errorf("left is %s", left)
	}
}

// What comes late for a checkpoint that its own leader gave up goes; a checkpoint that is
// complete there is somebody else's.
func TestWhatComesLateForAnAbortedCheckpoint(t *testing.T) {
	b := newStore()
	s := at(t, b)
	s.take()
	s.take()
	s.Ended(1)
	s.Ended(2)
	s.take() // writes it
	s.write(s.location(1), storage.ExclusiveState)
	s.publish(s.location(2), 2)
	plan := at(t, b).sweep()
	if left := files(t, b); left != "chk-2*:2" || !strings.Contains(plan.String(), "keep "+jobDirectory+"/chk-2") {
		t.Errorf("left is %s, after\n%s", left, plan)
	}
}

// The same of a savepoint, whose place follows from nothing.
func TestWhatComesLateForAnAbortedSavepoint(t *testing.T) {
	b := newStore()
	s := at(t, b)
	aborted, whole := s.savepoint(s.take()), s.savepoint(s.take())
	s.Ended(1)
	s.publish(whole, 2)
	must(t, s.Completed(t.Context(), 2))
	s.write(aborted, storage.ExclusiveState) // a task was slow
	next := at(t, b)
	if plan := next.sweep(); len(plan.Dispose) != 1 || plan.Dispose[0].Directory != aborted.ExclusiveDirectory() {
		t.Errorf("swept is\n%s", plan)
	}
	if left := files(t, b); strings.Count(left, "savepoint") != 1 {
		t.Errorf("left is %s", left)
	}
}

// A directory that is being deleted stays while a checkpoint uses a file in it.
func TestADirectoryInUseStays(t *testing.T) {
	b := newStore()
	s := at(t, b)
	own := s.location(s.take())
	inside := s.write(own, storage.ExclusiveState)
	shared := s.write(own, storage.SharedState)
	s.add(s.publish(own, 1, shared))
	relative := inside.(*checkpoint.RelativeFileStateHandle)
	absolute := &checkpoint.FileStateHandle{Path: jobDirectory + "/chk-1/" + relative.RelativePath, Size: relative.Size}
	s.add(s.publish(s.location(s.take()), 2, absolute))
	before := files(t, b)

	s = at(t, b)
	plan := s.sweep()
	if after := files(t, b); after != before || !strings.Contains(plan.String(), "keep "+jobDirectory+"/chk-1: files in it are in use by "+jobDirectory+"/chk-2") {
		t.Errorf("there was %s, left is %s, after\n%s", before, after, plan)
	}
	if len(s.Leftovers()) != 1 {
		t.Errorf("it was forgotten: %v", s.Leftovers())
	}
	s.add(s.publish(s.location(s.take()), 3))
	at(t, b).sweep()
	if left := files(t, b); left != "chk-3*:2" {
		t.Errorf("when nothing uses it any more, left is %s", left)
	}
}

// Whoever restores explicitly what nobody had added keeps it.
func TestWhatWasRestoredIsNoLeftover(t *testing.T) {
	b := newStore()
	s := at(t, b)
	cp := s.publish(s.location(s.take()), 1, s.write(s.location(1), storage.SharedState))
	s = at(t, b)
	restored := *cp
	restored.Owned, restored.Properties = false, checkpoint.UnclaimedProperties()
	s.add(&restored)
	s.sweep()
	at(t, b).sweep()
	if left := files(t, b); left != "chk-1*:2 shared:1" {
		t.Errorf("left is %s", left)
	}
}

// A leader that was overtaken does not even look.
func TestAFencedLeaderDoesNotSweep(t *testing.T) {
	b := newStore()
	litter(t, b)
	old := at(t, b)
	at(t, b)
	if _, err := old.plan(); !errors.Is(err, completed.ErrFenced) {
		t.Errorf("planned: %v", err)
	}
}

// Nobody knows what files of other names are.
func TestOnlyStateFilesAreSwept(t *testing.T) {
	b := newStore()
	s := at(t, b)
	dir := "ck/01000000000000000000000000000000/"
	for _, name := range []string{"shared/readme", "shared/d/0b6e0e34-3a3c-4c3e-8d22-7f2b0c1d9a11", "taskowned/0b6e0e34-3a3c-4c3e-8d22-7f2b0c1d9a11", "0b6e0e34-3a3c-4c3e-8d22-7f2b0c1d9a11"} {
		put(t, b, dir+name, "x")
	}
	if plan := s.sweep(); !plan.Empty() {
		t.Errorf("planned\n%s", plan)
	}
}

// silent does not answer for keys that end so.
type silent struct {
	*memory
	suffix string
}
