package program_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/job/stream"
	"github.com/cairnstate/cairn/task/program"
	"github.com/cairnstate/cairn/task/state"
)

func newProgram(t *testing.T) (*program.Program, *stream.Environment) {
	t.Helper()
	env, err := stream.NewEnvironment(nil)
	if err != nil {
		t.Fatal(err)
	}
	return program.New(env), env
}

func read(p *program.Program, name string) program.Stream[int64] {
	return program.Read(p, name, nil, func() program.Source[int64] { return new(numbers) })
}

// What cannot run is told before anything does.
func TestMistakes(t *testing.T) {
	sink := func() program.Sink[int64] { return new(hearing) }
	for says, write := range map[string]func(*program.Program, *stream.Environment){
		"belongs to another operator": func(p *program.Program, _ *stream.Environment) {
			program.Write(read(p, "same"), "same", nil, sink)
		},
		"takes keyed streams": func(p *program.Program, _ *stream.Environment) {
			keyed := program.KeyBy(read(p, "a"), state.Int64Key(), digit)
			program.Write(read(p, "b").Union(keyed), "out", nil, sink)
		},
		"nobody said what it does": func(p *program.Program, env *stream.Environment) {
			program.Write(read(p, "a"), "out", nil, sink)
			env.Source("stray", nil).Sink("stray sink", nil)
		},
	} {
		p, env := newProgram(t)
		write(p, env)
		if _, err := p.Graph(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v; want it to say %q", err, says)
		}
	}
}

// hearing is an operator that hears of everything.
type hearing struct{ heard []string }

func (h *hearing) Open(context.Context, *program.Subtask) error { return nil }
func (h *hearing) Write(context.Context, int64) error           { return h.hear("write") }
func (h *hearing) Snapshot(context.Context, int64) error        { return h.hear("snapshot") }
func (h *hearing) CheckpointComplete(context.Context, int64) error {
	return h.hear("complete")
}
func (h *hearing) Finish(context.Context, func(any) error) error { return h.hear("finish") }
func (h *hearing) Close() error                                  { return h.hear("close") }

func (h *hearing) hear(what string) error {
	h.heard = append(h.heard, what)
	return nil
}

func TestOperatorsHearOfWhatTheyHaveMethodsFor(t *testing.T) {
	p, _ := newProgram(t)
	h := new(hearing)
	program.Write(read(p, "numbers"), "hearing", nil, func() program.Sink[int64] { return h })
	ctx := t.Context()
	for _, instance := range []program.Instance{p.Node("hearing").Make(), p.Node("numbers").Make()} {
		if err := errors.Join(instance.Snapshot(ctx, 1), instance.CheckpointComplete(ctx, 1), instance.Finish(ctx), instance.Close()); err != nil {
			t.Error(err)
		}
	}
	instance := p.Node("hearing").Make()
	if err := instance.Process(ctx, int64(1)); err != nil {
		t.Error(err)
	}
	if err := instance.Next(ctx); !errors.Is(err, io.EOF) {
		t.Errorf("a sink is asked for records: %v", err)
	}
	if err := p.Node("numbers").Make().Process(ctx, int64(1)); err == nil {
		t.Error("a source took a record")
	}
	if got := strings.Join(h.heard, " "); got != "snapshot complete finish close write" {
		t.Errorf("heard %q", got)
	}
}
