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

// stalling is a storage that never answers when state of checkpoint 1 is written.
func stalling(t *testing.T) *storage.BackendStorage {
	t.Helper()
	host := new(mem.Host)
	var registry backend.Registry
	registry.Register(func(ctx context.Context, root backend.Root) (backend.Backend, error) {
		b, err := host.Open(ctx, root)
		state := fault.And(fault.On(fault.Commit), fault.Key("/chk-1/[^_]"))
		return fault.Guard(t, fault.Wrap(b, fault.At(state, fault.Stall()))), err
	}, "mem")
	s, err := storage.New(&registry, nil)
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

// A request that the store does not answer is cut off when nobody wants its checkpoint any
// more. The job goes on meanwhile, and ends.
func TestStoreThatDoesNotAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shelf := newShelf()
		p, env := countingFrom(t, shelf, 5000, 2, time.Second, func(split) { time.Sleep(time.Millisecond) })
		env.Checkpointing.InlineThreshold = 0
		env.Checkpointing.Timeout = 2 * time.Second
		env.Checkpointing.TolerableFailures = 1
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Minute)
		defer stop()
		must(t, local.Run(ctx, id(), p, stalling(t), options()))
		shelf.check(t, 5000)
	})
}
