package local_test

import (
	"context"
	"testing"
	"time"

	"github.com/cairnstate/cairn/job/stream"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/task/local"
	"github.com/cairnstate/cairn/task/program"
	"github.com/cairnstate/cairn/task/state"
)

// drain is a sink that keeps nothing.
type drain struct{}

func (drain) Open(context.Context, *program.Subtask) error { return nil }
func (drain) Write(context.Context, string) error          { return nil }

// Records from two sources by key to two counters, with a checkpoint every 100 ms.
func BenchmarkRecords(b *testing.B) {
	var registry backend.Registry
	registry.Register(new(mem.Host).Open, "mem")
	s, err := storage.New(&registry, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	env, err := stream.NewEnvironment(nil)
	if err != nil {
		b.Fatal(err)
	}
	env.Parallelism, env.Checkpointing.Directory = 2, "mem://b/ck"
	if err := env.EnableCheckpointing(100 * time.Millisecond); err != nil {
		b.Fatal(err)
	}
	p := program.New(env)
	each := int64(b.N/splits + 1)
	all := program.Read(p, "numbers", nil, func() program.Source[split] { return &numbers{limit: each} })
	counts := program.Transform(program.KeyBy(all, state.Int64Key(), key), "count", nil,
		func() program.Operator[split, string] { return new(counter) })
	program.Write(counts, "drain", nil, func() program.Sink[string] { return drain{} })
	b.ResetTimer()
	if err := local.Run(b.Context(), id(), p, s, options()); err != nil {
		b.Fatal(err)
	}
}
