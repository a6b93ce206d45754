package local_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/job/stream"
	"github.com/cairnstate/cairn/task/program"
	"github.com/cairnstate/cairn/task/state"
	"github.com/cairnstate/cairn/task/twophase"
)

// numbers is a source of 0 to limit-1 in each of four splits, dealt out among subtasks.
type numbers struct {
	limit  int64
	splits *state.ListState[split]
	now    []split
	gate   func(split) // asked before each record; may wait
}

type split struct{ Number, Next int64 }

const splits = 4

func (n *numbers) Open(_ context.Context, sub *program.Subtask) (err error) {
	n.splits, err = state.List[split](sub.State, "splits", checkpoint.SplitDistribute, nil)
	if !sub.Restored() {
		for i := range int64(splits) {
			if int32(i)%sub.Parallelism == sub.Index {
				n.splits.Add(split{Number: i})
			}
		}
	}
	n.now = append(n.now, n.splits.Values()...)
	return err
}

func (n *numbers) Next(_ context.Context, emit func(split) error) error {
	for i := range n.now {
		if s := &n.now[i]; s.Next < n.limit {
			if n.gate != nil {
				n.gate(*s)
			}
			s.Next++
			return emit(split{s.Number, s.Next - 1})
		}
	}
	return io.EOF
}

func (n *numbers) Snapshot(context.Context, int64) error {
	n.splits.Set(n.now...)
	return nil
}

// counter counts the numbers of each key: n modulo 7.
type counter struct {
	counts *state.KeyedState[int64, int64]
}

func key(s split) int64 { return s.Next % 7 }

func (c *counter) Open(_ context.Context, sub *program.Subtask) (err error) {
	c.counts, err = state.Keyed(sub.State, "counts", state.Int64Key(), state.Int64())
	return err
}

func (c *counter) Process(_ context.Context, s split, emit func(string) error) error {
	n, _ := c.counts.Get(key(s))
	c.counts.Put(key(s), n+1)
	return emit(fmt.Sprintf("key %d: %d", key(s), n+1))
}

// counting is a program of a source, a keyed operator and a sink.
func counting(t *testing.T, shelf *shelf, limit int64, parallelism int32, interval time.Duration, gate func(split)) *program.Program {
	t.Helper()
	p, _ := countingFrom(t, shelf, limit, parallelism, interval, gate)
	return p
}

func countingFrom(t *testing.T, shelf *shelf, limit int64, parallelism int32, interval time.Duration, gate func(split)) (*program.Program, *stream.Environment) {
	t.Helper()
	env := environment(t, parallelism, interval)
	p := program.New(env)
	all := program.Read(p, "numbers", nil, func() program.Source[split] { return &numbers{limit: limit, gate: gate} })
	counts := program.Transform(program.KeyBy(all, state.Int64Key(), key), "count", &stream.Options{Parallelism: parallelism + 1},
		func() program.Operator[split, string] { return new(counter) })
	program.Write(counts, "shelf", nil, func() program.Sink[string] { return twophase.New(shelf) })
	return p, env
}

// environment is that of all programs here. Without an interval there are no checkpoints.
func environment(t *testing.T, parallelism int32, interval time.Duration) *stream.Environment {
	t.Helper()
	env, err := stream.NewEnvironment(nil)
	must(t, err)
	env.Parallelism = parallelism
	env.Checkpointing.Directory = "mem://b/ck"
	env.Checkpointing.SavepointDirectory = "mem://b/sp"
	env.Checkpointing.Retention = checkpointing.RetainOnCancellation
	if interval > 0 {
		must(t, env.EnableCheckpointing(interval))
	}
	return env
}

var errOnPurpose = errors.New("broken on purpose")

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
