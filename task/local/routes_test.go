package local_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job/stream"
	"github.com/cairnstate/cairn/task/local"
	"github.com/cairnstate/cairn/task/program"
	"github.com/cairnstate/cairn/task/state"
)

// origin is a record that knows where it began.
type origin struct {
	Subtask int32
	Number  int64
}

// origins emits ten records in each subtask.
type origins struct {
	numbers
	subtask int32
}

func (o *origins) Open(_ context.Context, sub *program.Subtask) error {
	o.subtask = sub.Index
	o.limit, o.now = 10, []split{{}}
	return nil
}

func (o *origins) Next(ctx context.Context, emit func(origin) error) error {
	return o.numbers.Next(ctx, func(s split) error { return emit(origin{o.subtask, s.Next}) })
}

// Snapshot has nothing to say.
func (o *origins) Snapshot(context.Context, int64) error { return nil }

// arrivals is where records came to.
type arrivals struct {
	mu      sync.Mutex
	records map[int32][]origin // by subtask
}

type arrival struct {
	*arrivals
	subtask int32
}

func (a *arrival) Open(_ context.Context, sub *program.Subtask) error {
	a.subtask = sub.Index
	return nil
}

func (a *arrival) Write(_ context.Context, record origin) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.records[a.subtask] = append(a.records[a.subtask], record)
	return nil
}

func (o origin) key() int64 { return o.Number }

// route runs three sources into so many sinks.
func route(t *testing.T, sinks int32, by func(program.Stream[origin]) program.Stream[origin]) map[int32][]origin {
	t.Helper()
	got := &arrivals{records: map[int32][]origin{}}
	synctest.Test(t, func(t *testing.T) {
		s, _ := memory(t)
		env, err := stream.NewEnvironment(nil)
		must(t, err)
		env.Checkpointing.Directory = "mem://b/ck"
		p := program.New(env)
		all := program.Read(p, "origins", &stream.Options{Parallelism: 3}, func() program.Source[origin] { return new(origins) })
		program.Write(by(all), "arrivals", &stream.Options{Parallelism: sinks}, func() program.Sink[origin] { return &arrival{arrivals: got} })
		must(t, local.Run(t.Context(), id(), p, s, options()))
	})
	return got.records
}

func all(records map[int32][]origin) []origin {
	return slices.Concat(slices.Collect(maps.Values(records))...)
}

func TestRecordsGoWhereThePartitionerSays(t *testing.T) {
	for _, sinks := range []int32{1, 2, 3, 6} {
		keyed := route(t, sinks, func(s program.Stream[origin]) program.Stream[origin] {
			return program.KeyBy(s, state.Int64Key(), origin.key)
		})
		for subtask, records := range keyed {
			for _, r := range records {
				group := state.Int64Key().Group(r.Number, 128)
				if want := checkpoint.SubtaskForKeyGroup(group, 128, sinks); subtask != want {
					t.Errorf("of %d subtasks, %d got key %d of subtask %d", sinks, subtask, r.Number, want)
				}
			}
		}
		balanced := route(t, sinks, program.Stream[origin].Rebalance)
		for subtask := range sinks {
			if n, fair := len(balanced[subtask]), 30/int(sinks); n < fair-3 || n > fair+3 {
				t.Errorf("of %d subtasks, %d got %d of 30 records", sinks, subtask, n)
			}
		}
		for subtask, records := range route(t, sinks, program.Stream[origin].Broadcast) {
			if len(records) != 30 {
				t.Errorf("of %d subtasks, %d got %d of 30 records", sinks, subtask, len(records))
			}
		}
		if global := route(t, sinks, program.Stream[origin].Global); len(global) != 1 || len(global[0]) != 30 {
			t.Errorf("of %d subtasks, the first got %d of 30 records", sinks, len(global[0]))
		}
		for _, records := range []map[int32][]origin{keyed, balanced, route(t, sinks, program.Stream[origin].Rescale)} {
			if got := all(records); len(got) != 30 {
				t.Errorf("%d of 30 records came to %d subtasks", len(got), sinks)
			}
		}
	}
}

// Over a pointwise edge only those are connected that share a part.
func TestRescaleAndForwardStayWithinTheirPart(t *testing.T) {
	for subtask, records := range route(t, 6, program.Stream[origin].Rescale) {
		for _, r := range records {
			if r.Subtask != subtask/2 {
				t.Errorf("subtask %d of 6 got a record of %d of 3", subtask, r.Subtask)
			}
		}
	}
	for subtask, records := range route(t, 3, program.Stream[origin].Forward) {
		if len(records) != 10 || records[0].Subtask != subtask {
			t.Errorf("subtask %d got %d records, the first of %v", subtask, len(records), fmt.Sprint(records[0]))
		}
	}
}
