package local_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job/stream"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/task/local"
	"github.com/cairnstate/cairn/task/program"
	"github.com/cairnstate/cairn/task/state"
)

// words is a source.
type words struct{ rest []string }

func (w *words) Open(context.Context, *program.Subtask) error {
	w.rest = strings.Fields("stone on stone on stone")
	return nil
}

func (w *words) Next(_ context.Context, emit func(string) error) error {
	if len(w.rest) == 0 {
		return io.EOF
	}
	word := w.rest[0]
	w.rest = w.rest[1:]
	return emit(word)
}

// wordCount counts.
type wordCount struct {
	counts *state.KeyedState[string, int64]
}

func (c *wordCount) Open(_ context.Context, sub *program.Subtask) (err error) {
	c.counts, err = state.Keyed(sub.State, "counts", state.StringKey(), state.Int64())
	return err
}

func (c *wordCount) Process(_ context.Context, word string, emit func(string) error) error {
	n, _ := c.counts.Get(word)
	c.counts.Put(word, n+1)
	return emit(fmt.Sprint(word, " ", n+1))
}

// printer is a sink.
type printer struct{}

func (printer) Open(context.Context, *program.Subtask) error { return nil }

func (printer) Write(_ context.Context, line string) error {
	_, err := fmt.Println(line)
	return err
}

// A program without checkpoints, from its beginning to its end.
func ExampleRun() {
	var registry backend.Registry
	registry.Register(new(mem.Host).Open, "mem")
	checkpoints, err := storage.New(&registry, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer checkpoints.Close()

	env, err := stream.NewEnvironment(nil)
	if err != nil {
		log.Fatal(err)
	}
	env.Checkpointing.Directory = "mem://demo/checkpoints"
	p := program.New(env)
	all := program.Read(p, "words", nil, func() program.Source[string] { return new(words) })
	itself := func(word string) string { return word }
	counts := program.Transform(program.KeyBy(all, state.StringKey(), itself), "count", nil,
		func() program.Operator[string, string] { return new(wordCount) })
	program.Write(counts, "print", nil, func() program.Sink[string] { return printer{} })

	id := checkpoint.JobID{1}
	if err := local.Run(context.Background(), id, p, checkpoints, &local.Options{AllowVolatile: true}); err != nil {
		log.Fatal(err)
	}
	// Output:
	// stone 1
	// on 1
	// stone 2
	// on 2
	// stone 3
}
