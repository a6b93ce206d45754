package local_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fault"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/task/local"
)

// dying is the storage of a process that dies before it deletes a checkpoint.
func dying(t *testing.T, host *mem.Host) *storage.BackendStorage {
	t.Helper()
	var registry backend.Registry
	registry.Register(func(ctx context.Context, root backend.Root) (backend.Backend, error) {
		b, err := host.Open(ctx, root)
		deletes := fault.On(fault.Delete, fault.DeleteAll)
		return fault.Guard(t, fault.Wrap(b, fault.At(fault.And(deletes, fault.Key("/chk-")), fault.Kill()))), err
	}, "mem")
	s, err := storage.New(&registry, nil)
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

// A process that dies while it clears away what a finished job leaves is started again,
// as any that dies is. That must not begin the job anew: all its output is out.
func TestWhoDiesBehindTheEndHasFinished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, host := memory(t)
		shelf := newShelf()
		program := counting(t, shelf, 100, 2, time.Second, nil)
		_ = local.Run(t.Context(), id(), program, dying(t, host), options()) // whatever it says, nobody hears it
		must(t, local.Run(t.Context(), id(), program, s, options()))
		shelf.check(t, 100)
		nothingLeft(t, s)
	})
}
