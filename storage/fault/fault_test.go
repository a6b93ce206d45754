package fault_test

import (
	"context"
	"errors"
	"io/fs"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fault"
	"github.com/cairnstate/cairn/storage/internal/powers"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/storagetest"
)

func TestConformance(t *testing.T) {
	shared := new(mem.Backend)
	storagetest.Run(t, func(*testing.T) backend.Backend { return fault.Wrap(shared, new(fault.Plan)) })
}

// TestEffects holds what each effect does to the caller, and what it leaves in the
// store, in which a is "0123456789" before.
func TestEffects(t *testing.T) {
	for _, test := range []struct {
		recipe string
		does   func(backend.Backend) (string, error)
		want   string // what it read
		err    error
		leaves string
	}{
		{"open: fail(permission)", readA, "", fs.ErrPermission, "a=0123456789"},
		{"open: lose(reset)", readA, "", syscall.ECONNRESET, "a=0123456789"},
		{"read: fail(transient)", readA, "", backend.ErrTransient, "a=0123456789"},
		{"read & after(4): truncate", readA, "0123", nil, "a=0123456789"},
		{"read & after(4): fail(reset)", readA, "0123", backend.ErrTransient, "a=0123456789"},
		{"read & nth(2): fail(reset)", readA, "0123456789", syscall.ECONNRESET, "a=0123456789"},
		{"read: stall", readA, "", context.DeadlineExceeded, "a=0123456789"},
		{"create: fail(throttled)", writeB, "", backend.ErrThrottled, "a=0123456789"},
		{"create: lose(throttled)", writeB, "", backend.ErrThrottled, "a=0123456789"},
		{"write: short(full)", writeB, "2", syscall.ENOSPC, "a=0123456789"},
		{"write & after(1): fail(full)", writeB, "1", syscall.ENOSPC, "a=0123456789"},
		{"commit: fail(transient)", writeB, "4", backend.ErrTransient, "a=0123456789"},
		{"commit: lose(transient)", writeB, "4", backend.ErrTransient, "a=0123456789 b=bbbb"},
		{"commit: kill", writeB, "4", fault.ErrKilled, "a=0123456789"},
		{"commit: kill-after", writeB, "4", fault.ErrKilled, "a=0123456789 b=bbbb"},
		{"delete: fail(permission)", deleteA, "", fs.ErrPermission, "a=0123456789"},
		{"delete: lose(transient)", deleteA, "", backend.ErrTransient, ""},
		{"next & nth(1): fail(transient)", listAll, "", backend.ErrTransient, "a=0123456789"},
		{"next & nth(2): fail(transient)", listAll, "a", backend.ErrTransient, "a=0123456789"},
		{"list: fail(transient)", listAll, "", backend.ErrTransient, "a=0123456789"},
		{"receive & after(6): truncate", downloadA, "012345....", nil, "a=0123456789"},
		{"receive & after(6): fail(full)", downloadA, "012345....", syscall.ENOSPC, "a=0123456789"},
		{"upload: fail(throttled)", uploadB, "", backend.ErrThrottled, "a=0123456789"},
		{"upload: lose(reset)", uploadB, "", syscall.ECONNRESET, "a=0123456789 b=0123456789"},
		{"upload: kill-after", uploadB, "", fault.ErrKilled, "a=0123456789 b=0123456789"},
		{"send & after(6): fail(reset)", uploadB, "", syscall.ECONNRESET, "a=0123456789"},
		{"send: stall", uploadB, "", context.DeadlineExceeded, "a=0123456789"},
		{"send & after(6): kill", uploadB, "", fault.ErrKilled, "a=0123456789"},
		{"copy & key(\"^b$\"): lose(reset)", copyAToB, "", backend.ErrTransient, "a=0123456789 b=0123456789"},
		{"copy: fail(reset)", copyAToB, "", backend.ErrTransient, "a=0123456789"},
	} {
		t.Run(test.recipe, func(t *testing.T) {
			store := new(mem.Backend)
			put(t, store, "a", "0123456789")
			b := guarded(t, store, test.recipe)
			var got string
			var err error
			synctest.Test(t, func(*testing.T) { got, err = test.does(b) })
			if got != test.want || !errors.Is(err, test.err) || (err == nil) != (test.err == nil) {
				t.Errorf("got %q, %v; want %q, %v", got, err, test.want, test.err)
			}
			if left := contents(t, store); left != test.leaves {
				t.Errorf("left %q, want %q", left, test.leaves)
			}
		})
	}
}

func TestCorruptionIsOneBit(t *testing.T) {
	store := new(mem.Backend)
	put(t, store, "a", "0123456789")
	for recipe, does := range map[string]func(backend.Backend) (string, error){"read: corrupt": readA, "receive: corrupt": downloadA} {
		got, err := does(guarded(t, store, recipe))
		if err != nil || bitsApart(got, "0123456789") != 1 {
			t.Errorf("%s: got %q, %v", recipe, got, err)
		}
	}
	for _, test := range []struct {
		recipe string
		does   func(backend.Backend) (string, error)
		want   string
	}{{"write: corrupt", writeB, "b=bbbb"}, {"send & after(9): corrupt", uploadB, "b=0123456789"}} {
		store := new(mem.Backend)
		_, err := test.does(guarded(t, store, test.recipe))
		if left := contents(t, store); err != nil || bitsApart(left, test.want) != 1 {
			t.Errorf("%s: left %q, %v", test.recipe, left, err)
		}
	}
}

func TestABatchFailsInPart(t *testing.T) {
	for recipe, want := range map[string]string{
		`delete-all & key("b"): fail(permission)`: "b=",
		`delete-all & key("b"): lose(permission)`: "",
		`delete-all & key("b"): kill`:             "b=",
		`delete-all: kill`:                        "a= b= c=",
		`delete-all: fail(throttled)`:             "a= b= c=",
		`delete-all: kill-after`:                  "",
	} {
		store := new(mem.Backend)
		for _, key := range []string{"a", "b", "c"} {
			put(t, store, key, "")
		}
		err := backend.DeleteAll(t.Context(), guarded(t, store, recipe), []string{"a", "b", "c"})
		if left := contents(t, store); err == nil || left != want {
			t.Errorf("%s left %q, want %q; error %v", recipe, left, want, err)
		}
	}
}

// TestTheDeadDoNothing counts what reaches the store after a process died.
func TestTheDeadDoNothing(t *testing.T) {
	count := 0
	plan := new(fault.Plan)
	within := counting{new(mem.Backend), &count}
	b := fault.Wrap(within, plan)
	open, err := b.Create(t.Context(), "a", nil)
	if err != nil {
		t.Fatal(err)
	}
	dead := fault.Wrap(b, fault.At(fault.On(fault.Stat), fault.Kill()))
	w, err := dead.Create(t.Context(), "b", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dead.Stat(t.Context(), "a"); !errors.Is(err, fault.ErrKilled) || !dead.Killed() {
		t.Fatal(err)
	}
	count = 0
	if err := errors.Join(w.Close(), w.Commit()); !errors.Is(err, fault.ErrKilled) {
		t.Errorf("the dead writer says %v", err)
	}
	for name, request := range powers.Requests(dead) {
		if err := request(t.Context(), "key"); name != "Close" && !errors.Is(err, fault.ErrKilled) {
			t.Errorf("%s of the dead gives %v", name, err)
		}
	}
	if count != 0 {
		t.Errorf("%d calls of the dead reached the store", count)
	}
	open.Close()
}

func TestNoMethodEscapesItsFault(t *testing.T) {
	b := fault.Wrap(new(mem.Backend), fault.At(fault.Any(), fault.Fail(fault.Throttled)))
	for name, request := range powers.Requests(b) {
		if err := request(t.Context(), "key"); !errors.Is(err, backend.ErrThrottled) {
			t.Errorf("%s gives %v", name, err)
		}
	}
}

func TestAStallThatCannotEndDoesNotHang(t *testing.T) {
	b := fault.Wrap(new(mem.Backend), fault.At(fault.Any(), fault.Stall()))
	if _, err := b.Stat(context.Background(), "a"); err == nil {
		t.Error("the stall let the call through")
	}
}
