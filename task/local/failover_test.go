package local_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/job/stream"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/task/local"
	"github.com/cairnstate/cairn/task/program"
	"github.com/cairnstate/cairn/task/state"
	"github.com/cairnstate/cairn/task/twophase"
)

// nothingLeft fails the test if there are files of checkpoints.
func nothingLeft(t *testing.T, s *storage.BackendStorage) {
	t.Helper()
	for file, err := range s.Files(t.Context(), "mem://b/ck") {
		must(t, err)
		t.Errorf("%s is left", file.Name)
	}
}

// straight is a program whose subtasks are lines that do not touch: each split goes from
// its source to its sink. All its state goes into files.
func straight(t *testing.T, shelf *shelf, limit int64, gate func(split)) *program.Program {
	t.Helper()
	env := environment(t, splits, 100*time.Millisecond)
	env.Checkpointing.InlineThreshold = 0
	p := program.New(env)
	all := program.Read(p, "numbers", nil, func() program.Source[split] { return &numbers{limit: limit, gate: gate} })
	told := program.Transform(all, "tell", &stream.Options{Chaining: stream.ChainNever}, func() program.Operator[split, string] { return teller{} })
	program.Write(told, "shelf", nil, func() program.Sink[string] { return twophase.New(shelf) })
	return p
}

// teller tells which number it was.
type teller struct{}

func (teller) Open(context.Context, *program.Subtask) error { return nil }

func (teller) Process(_ context.Context, s split, emit func(string) error) error {
	return emit(fmt.Sprintf("%d of %d", s.Next, s.Number))
}

func (s *shelf) checkLines(t *testing.T, limit int64) {
	t.Helper()
	for split := range int64(splits) {
		for n := range limit {
			if line := fmt.Sprintf("%d of %d", n, split); s.visible[line] != 1 {
				t.Fatalf("%q can be seen %d times", line, s.visible[line])
			}
		}
	}
	if len(s.visible) != splits*int(limit) || len(s.pending) != 0 {
		t.Errorf("%d lines can be seen, and %d transactions are left", len(s.visible), len(s.pending))
	}
}

// Where subtasks do not touch, those that did not fail go on; all come out right, and
// nothing of what was given up is left.
func TestOneLineOfSubtasksFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := memory(t)
		shelf := newShelf()
		var failures, opened atomic.Int32
		p := straight(t, shelf, 2000, func(s split) {
			time.Sleep(time.Millisecond)
			if s.Next == 0 {
				opened.Add(1)
			}
			if s.Number == 2 && s.Next%300 == 299 && failures.Load() < 9 {
				failures.Add(1)
				panic(errOnPurpose)
			}
		})
		must(t, local.Run(t.Context(), id(), p, s, options()))
		shelf.checkLines(t, 2000)
		nothingLeft(t, s)
		if failures.Load() != 9 || opened.Load() > splits+1 {
			t.Errorf("%d failures, and sources began %d times: others than the failed one were restarted", failures.Load(), opened.Load())
		}
	})
}

// A part of the job that had finished when a checkpoint was taken stays finished.
func TestWhatHadFinishedStaysFinished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := memory(t)
		short, long := newShelf(), newShelf()
		both := func() *program.Program {
			p := program.New(environment(t, 2, 100*time.Millisecond))
			line(p, "short", short, 100, 0)
			line(p, "long", long, 5000, time.Millisecond)
			return p
		}
		ctx, stop := context.WithTimeout(t.Context(), 2*time.Second)
		defer stop()
		must(t, local.Run(ctx, id(), both(), s, options()))
		short.checkLines(t, 100)
		must(t, local.Run(t.Context(), id(), both(), s, options()))
		short.checkLines(t, 100)
		long.checkLines(t, 5000)
		nothingLeft(t, s)
	})
}

// line adds a source and its sink, and an operator between them.
func line(p *program.Program, name string, to *shelf, limit int64, pause time.Duration) {
	all := program.Read(p, name, nil, func() program.Source[split] {
		return &numbers{limit: limit, gate: func(split) { time.Sleep(pause) }}
	})
	told := program.Transform(all, name+" tell", nil, func() program.Operator[split, string] { return teller{} })
	keyed := program.KeyBy(told, state.StringKey(), func(line string) string { return line })
	program.Write(keyed, name+" shelf", nil, func() program.Sink[string] { return twophase.New(to) })
}

// At least once, nothing waits for barriers, and nothing is lost.
func TestAtLeastOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := memory(t)
		shelf := newShelf()
		failures := 0
		p, env := countingFrom(t, shelf, 2000, 3, 100*time.Millisecond, func(s split) {
			time.Sleep(time.Millisecond)
			if s.Number == 3 && s.Next%400 == 399 && failures < 3 {
				failures++
				panic(errOnPurpose)
			}
		})
		env.Checkpointing.Mode = checkpointing.AtLeastOnce
		must(t, local.Run(t.Context(), id(), p, s, options()))
		for n := range int64(7) {
			if line := fmt.Sprintf("key %d: %d", n, 2000/7*splits); shelf.visible[line] == 0 {
				t.Errorf("%q cannot be seen", line)
			}
		}
	})
}
