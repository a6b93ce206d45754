// Package program is what the author of a job writes: sources, operators and sinks in Go,
// and the streams between them.
//
//	p := program.New(env)
//	words := program.Read(p, "words", nil, newWords)
//	counts := program.Transform(program.KeyBy(words, state.StringKey(), text), "count", nil, newCount)
//	program.Write(counts, "files", nil, newFiles)
//
// Each function adds an operator to the [stream.Environment], and remembers what makes
// it: every subtask of every attempt gets one of its own. The name is the uid too, by
// which the operator's state is found after a restart, so it must stay the same.
//
// What an author implements is small: [Source], [Operator] or [Sink]. Whatever else an
// operator wants to hear of, it has a method for: [Snapshotter], [Listener], [Finisher],
// and io.Closer.
//
// All methods of one operator in one subtask are called by one goroutine, one after the
// other, so an operator needs no locks. An error of any of them, and a panic, fails the
// subtask: it is started again from the latest checkpoint. The context ends when the
// subtask is to end.
//
// A program does not run by itself; package task/local runs one.
package program
