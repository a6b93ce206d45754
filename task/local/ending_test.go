package local_test

import (
	"context"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/job/stream"
	"github.com/cairnstate/cairn/task/local"
	"github.com/cairnstate/cairn/task/program"
)

// brief is a source without records. It is slow to hear that checkpoint 1, the last one
// it needs, is complete: the next one has begun by then.
type brief struct {
	finished chan<- struct{}
	next     <-chan struct{}
}

func (*brief) Open(context.Context, *program.Subtask) error { return nil }

func (*brief) Next(context.Context, func(string) error) error { return io.EOF }

func (b *brief) Finish(context.Context, func(string) error) error {
	close(b.finished)
	return nil
}

func (b *brief) CheckpointComplete(context.Context, int64) error {
	<-b.next
	return nil
}

// endless is a source that tells when it takes part in checkpoint 2. Its subtask has the
// barrier after that of brief.
type endless struct {
	next chan<- struct{}
	end  <-chan struct{}
}

func (*endless) Open(context.Context, *program.Subtask) error { return nil }

func (e *endless) Next(ctx context.Context, _ func(string) error) error {
	select {
	case <-e.end:
		return io.EOF
	case <-ctx.Done():
		return nil
	}
}

func (e *endless) Snapshot(_ context.Context, id int64) error {
	if id == 2 {
		close(e.next)
	}
	return nil
}

// slow is a sink that is as slow as brief.
type slow struct{ next <-chan struct{} }

func (slow) Open(context.Context, *program.Subtask) error { return nil }

func (slow) Write(context.Context, string) error { return nil }

func (s slow) CheckpointComplete(context.Context, int64) error {
	<-s.next
	return nil
}

// A checkpoint that began before a subtask heard that it may end is waited for by the
// coordinator, so the subtask takes part in it, whether the barrier comes by mail or from
// a producer.
func TestWhoMayEndTakesPartInWhatHasBegun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		finished, next, end := make(chan struct{}), make(chan struct{}), make(chan struct{})
		s, _ := memory(t)
		_, env := countingFrom(t, newShelf(), 0, 1, time.Hour, nil)
		fresh, err := stream.NewEnvironment(nil)
		must(t, err)
		fresh.Parallelism, fresh.Checkpointing = 1, env.Checkpointing
		p := program.New(fresh)
		one := program.Read(p, "brief", nil, func() program.Source[string] { return &brief{finished, next} })
		program.Write(one.Rebalance(), "slow", &stream.Options{Chaining: stream.ChainNever}, func() program.Sink[string] { return slow{next} })
		other := program.Read(p, "endless", nil, func() program.Source[string] { return &endless{next, end} })
		program.Write(other, "nowhere", nil, func() program.Sink[string] { return slow{finished} })

		job, err := local.Start(t.Context(), id(), p, s, options())
		must(t, err)
		<-finished
		synctest.Wait()
		for range 2 {
			if _, err := job.Coordinator().TriggerCheckpoint(coordinator.Configured).Wait(t.Context()); err != nil {
				t.Error(err)
			}
		}
		close(end)
		_, err = job.Result()
		must(t, err)
	})
}
