package durable_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/durable"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fault"
	"github.com/cairnstate/cairn/storage/mem"
)

// life is a leader's life on a store that fails, and what it was told.
type life struct {
	t      *testing.T
	sound  backend.Backend // what a publication, and whoever looks, sees
	broken backend.Backend // what the record is on
	store  *durable.Store

	taken     []int64
	added     int64   // the last that was
	doubtful  []int64 // may have been added, or was being added at the end
	subsumed  []int64 // and not ended
	savepoint int64   // whose directory was recorded
	ended     bool    // the job, or it was being
	concluded bool
}

// live goes through all that a leader does. What fails is tried again, as a coordinator
// would at its next occasion, until the process is dead.
func (l *life) live() error {
	l.open()
	l.checkpoint()
	l.checkpoint()
	for _, id := range l.subsumed {
		l.store.Ended(id)
	}
	l.subsumed = nil // a crash may bring them back, which is allowed
	l.begin()
	l.checkpoint()
	l.end()
	return nil
}

// do tries until it is done, and returns whether it was.
func (l *life) do(what string, try func(context.Context) error) bool {
	for range 8 {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		err := try(ctx)
		cancel()
		switch {
		case err == nil:
			return true
		case errors.Is(err, fault.ErrKilled):
			return false
		case errors.Is(err, completed.ErrFenced):
			l.t.Errorf("%s: fenced, and nobody else is there: %v", what, err)
			return false
		}
	}
	l.t.Errorf("%s: it never succeeds, though the fault happened once", what)
	return false
}

func (l *life) open() {
	l.do("open", func(ctx context.Context) (err error) {
		l.store, err = durable.Open(ctx, accessTo(l.t, l.broken), nil)
		return err
	})
	if l.store != nil {
		l.do("recover", l.store.Recover)
	}
}

func (l *life) take() (id int64, ok bool) {
	if l.store == nil {
		return 0, false
	}
	ok = l.do("take an id", func(ctx context.Context) (err error) {
		id, err = l.store.IDCounter().GetAndIncrement(ctx)
		return err
	})
	if ok && slices.Contains(l.taken, id) {
		l.t.Errorf("id %d was handed out twice", id)
	}
	if ok {
		l.taken = append(l.taken, id)
	}
	return id, ok
}

// checkpoint takes an id and adds a checkpoint. One whose addition is in doubt is left
// alone, and the next is taken.
func (l *life) checkpoint() {
	for range 3 {
		id, ok := l.take()
		if !ok {
			return
		}
		l.doubtful = append(l.doubtful, id)
		subsumed, err := l.add(published(l.t, l.sound, id))
		for _, c := range subsumed {
			l.subsumed = append(l.subsumed, c.ID)
		}
		if err == nil {
			l.added, l.doubtful = id, nil
			return
		}
		if errors.Is(err, fault.ErrKilled) {
			return
		}
		if !errors.Is(err, completed.ErrInDoubt) {
			l.doubtful = l.doubtful[:len(l.doubtful)-1]
		}
	}
	l.t.Error("no checkpoint can be added")
}

func (l *life) add(c *completed.Checkpoint) ([]*completed.Checkpoint, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return l.store.Add(ctx, c)
}

func (l *life) begin() {
	id, ok := l.take()
	if ok && l.do("begin a savepoint", func(ctx context.Context) error {
		return l.store.Started(ctx, completed.Leftover{ID: id, Directory: "far://b/sp/savepoint-1", Savepoint: true})
	}) {
		l.savepoint = id
	}
}

func (l *life) end() {
	if l.store == nil {
		return
	}
	l.ended = true
	done := l.do("end the job", func(ctx context.Context) error {
		discard, retain, err := l.store.Shutdown(ctx, completed.Finished)
		if err == nil && (!strings.HasSuffix(ids(discard), fmt.Sprint(l.added)) || ids(retain) != "") {
			l.t.Errorf("it gives up %s and leaves %s, after checkpoint %d", ids(discard), ids(retain), l.added)
		}
		return err
	})
	if !done {
		return
	}
	for _, id := range l.taken {
		l.store.Ended(id)
	}
	l.concluded = l.do("conclude", l.store.Conclude)
}

// judge is the next leader, on the sound store: does it find all that was acknowledged?
func (l *life) judge() {
	next := leading(l.t, l.sound, "the next")
	retained := next.All()
	switch {
	case l.concluded:
		if len(retained) > 0 || strings.Contains(leftovers(next), "d") {
			l.t.Errorf("after the end %s is retained, and %s left", ids(retained), leftovers(next))
		}
		return
	case len(retained) > 1 || len(retained) == 0 && l.added > 0 && !l.ended:
		l.t.Errorf("%q is retained; the last that was added is %d", ids(retained), l.added)
	case len(retained) == 1 && retained[0].ID != l.added && !slices.Contains(l.doubtful, retained[0].ID):
		l.t.Errorf("%d is retained; added was %d, in doubt %v", retained[0].ID, l.added, l.doubtful)
	}
	if id := take(l.t, next); len(l.taken) > 0 && id <= slices.Max(l.taken) {
		l.t.Errorf("id %d comes after %v", id, l.taken)
	}
	l.judgeLeftovers(next)
}

// judgeLeftovers looks for every id that was taken: it is retained, or left to be
// finished, or its end was told.
func (l *life) judgeLeftovers(next *durable.Store) {
	known := " " + ids(next.All()) + " " + leftovers(next) + " "
	for _, id := range l.taken {
		if id > l.added && !slices.ContainsFunc([]string{"", "s", "d", "e"}, func(kind string) bool {
			return strings.Contains(known, fmt.Sprintf(" %d%s ", id, kind))
		}) && !l.ended {
			l.t.Errorf("nobody knows of %d: %s", id, known)
		}
	}
	for _, id := range l.subsumed {
		if !strings.Contains(known, fmt.Sprintf(" %dd ", id)) && !l.ended {
			l.t.Errorf("nobody deletes %d: %s", id, known)
		}
	}
	if id := l.savepoint; id > 0 && !l.ended && !strings.Contains(known, fmt.Sprintf(" %ds ", id)) {
		l.t.Errorf("nobody knows of savepoint %d: %s", id, known)
	}
}

// TestEveryFaultAtEveryRequest breaks each request of a leader's life in each way, the
// death of the process before and after it among them.
func TestEveryFaultAtEveryRequest(t *testing.T) {
	for name, fresh := range map[string]func() backend.Backend{
		"swapping": func() backend.Backend { return new(mem.Backend) },
		"swapless": func() backend.Backend { return swapless{new(mem.Backend)} },
	} {
		t.Run(name, func(t *testing.T) {
			sites := sitesOf(t, fresh())
			runs, kills := 0, 0
			for site, plan := range fault.Enumerate(sites, fault.Effects()) {
				if plan.Faults[0].Effect == fault.Corrupt() && site.Op != fault.Read {
					continue // a store that says that it wrote what it did not
				}
				runs++
				synctest.Test(t, func(t *testing.T) {
					defer func() {
						if t.Failed() {
							t.Logf("the recipe: %s", plan)
						}
					}()
					sound := fresh()
					broken := fault.Wrap(sound, plan)
					l := &life{t: t, sound: sound, broken: broken}
					_ = l.live()
					if broken.Killed() {
						kills++
					}
					if err := broken.VerifyFired(); err != nil {
						t.Error(err)
					}
					l.judge()
				})
			}
			t.Logf("%d requests, %d faults, of which %d killed the process", len(sites), runs, kills)
			if runs < 200 || kills < 40 {
				t.Errorf("that is not every fault: %d, %d", runs, kills)
			}
		})
	}
}

// sitesOf are the requests of an undisturbed life.
func sitesOf(t *testing.T, b backend.Backend) []fault.Site {
	t.Helper()
	var l *life
	sites, err := fault.Record(b, func(recorded backend.Backend) error {
		l = &life{t: t, sound: b, broken: recorded}
		return l.live()
	})
	must(t, err)
	if !l.concluded || l.added == 0 || l.savepoint == 0 || len(l.taken) != 4 {
		t.Fatalf("an undisturbed life goes wrong: %+v", l)
	}
	l.judge()
	return sites
}
