package main

import (
	"time"

	"github.com/cairnstate/cairn/job/stream"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/task/filesink"
	"github.com/cairnstate/cairn/task/program"
	"github.com/cairnstate/cairn/task/state"
)

// wordcount writes the job down: words go to the subtask that counts them, and counts
// into files below the directory.
func wordcount(env *stream.Environment, pause time.Duration, output backend.Backend, directory string) *program.Program {
	p := program.New(env)
	said := program.Read(p, "words", nil, func() program.Source[Word] {
		return &words{pause: pause}
	})
	text := func(word Word) string { return word.Text }
	counts := program.Transform(program.KeyBy(said, state.StringKey(), text), "count", nil, func() program.Operator[Word, Count] {
		return new(count)
	})
	program.Write(counts, "files", nil, func() program.Sink[Count] {
		return filesink.New(output, directory, line)
	})
	return p
}
