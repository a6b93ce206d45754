package local_test

import (
	"context"
	"io"
	"sync"
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

// keys is a source of so many keys, as fast as they are taken.
type keys struct{ next, limit, of int64 }

func (*keys) Open(context.Context, *program.Subtask) error { return nil }

func (k *keys) Next(_ context.Context, emit func(int64) error) error {
	for range 64 {
		if k.next == k.limit {
			return io.EOF
		}
		k.next++
		if err := emit(k.next * 7919 % k.of); err != nil {
			return err
		}
	}
	return nil
}

// tally counts its keys, and emits how often it saw one.
type tally struct {
	seen    *state.KeyedState[int64, int64]
	running *sync.WaitGroup
}

func (c *tally) Open(_ context.Context, sub *program.Subtask) (err error) {
	c.seen, err = state.Keyed(sub.State, "seen", state.Int64Key(), state.Int64())
	return err
}

func (c *tally) Process(_ context.Context, key int64, emit func(int64) error) error {
	n, _ := c.seen.Get(key)
	c.seen.Put(key, n+1)
	return emit(n + 1)
}

func (c *tally) Finish(context.Context, func(int64) error) error {
	c.running.Done()
	return nil
}

type nowhere struct{}

func (nowhere) Open(context.Context, *program.Subtask) error { return nil }

func (nowhere) Write(context.Context, int64) error { return nil }

// Records from two sources by key to two subtasks that count them and throw the counts
// away; an operation is a record. What comes behind the last one is not measured: a job
// ends with a checkpoint.
func BenchmarkRecords(b *testing.B) {
	b.Run("checkpoints=none/keys=1000", func(b *testing.B) { benchmark(b, 0, 1000) })
	b.Run("checkpoints=1s/keys=1000", func(b *testing.B) { benchmark(b, time.Second, 1000) })
	b.Run("checkpoints=10ms/keys=1000", func(b *testing.B) { benchmark(b, 10*time.Millisecond, 1000) })
	b.Run("checkpoints=none/keys=1000000", func(b *testing.B) { benchmark(b, 0, 1_000_000) })
	b.Run("checkpoints=1s/keys=1000000", func(b *testing.B) { benchmark(b, time.Second, 1_000_000) })
}

func benchmark(b *testing.B, interval time.Duration, of int64) {
	const parallelism = 2
	var running sync.WaitGroup
	running.Add(parallelism)
	p := tallies(b, &running, interval, parallelism, int64(b.N/parallelism+1), of)
	var registry backend.Registry
	registry.Register(new(mem.Host).Open, "mem")
	s, err := storage.New(&registry, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	b.ReportAllocs()
	b.ResetTimer()
	job, err := local.Start(b.Context(), id(), p, s, options())
	if err != nil {
		b.Fatal(err)
	}
	running.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
	if _, err := job.Result(); err != nil {
		b.Fatal(err)
	}
}

func tallies(b *testing.B, running *sync.WaitGroup, interval time.Duration, parallelism int32, limit, of int64) *program.Program {
	env, err := stream.NewEnvironment(nil)
	if err != nil {
		b.Fatal(err)
	}
	env.Parallelism = parallelism
	env.Checkpointing.Directory = "mem://b/ck"
	if interval > 0 {
		err = env.EnableCheckpointing(interval)
	}
	if err != nil {
		b.Fatal(err)
	}
	p := program.New(env)
	all := program.Read(p, "keys", nil, func() program.Source[int64] { return &keys{limit: limit, of: of} })
	keyed := program.KeyBy(all, state.Int64Key(), func(key int64) int64 { return key })
	counts := program.Transform(keyed, "tally", nil, func() program.Operator[int64, int64] { return &tally{running: running} })
	program.Write(counts, "nowhere", nil, func() program.Sink[int64] { return nowhere{} })
	return p
}
