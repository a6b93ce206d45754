package barrier

import "github.com/cairnstate/cairn/task"

// Element is what goes through a channel: one of its fields is set, or Kind alone says
// what it is.
type Element[T any] struct {
	Kind    Kind
	Record  T             // of a Record
	Barrier *task.Barrier // of a Barrier
	ID      int64         // of a Cancellation: the checkpoint
}

// Kind says what an element is.
type Kind uint8

// The kinds of elements.
const (
	Record Kind = iota
	Barrier
	Cancellation
	Drained // no records come any more; barriers do
	End     // nothing comes any more
)
