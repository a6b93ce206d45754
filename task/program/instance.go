package program

import (
	"context"
	"errors"
	"io"
)

// Instance is an operator in a subtask as a runtime sees it: records have no type. All
// calls come from one goroutine.
type Instance interface {
	// Open prepares the operator, whose records go to emit.
	Open(ctx context.Context, sub *Subtask, emit func(any) error) error

	// Next has a source emit; of others it is [io.EOF] at once.
	Next(ctx context.Context) error

	// Process takes a record. To a source it is a mistake.
	Process(ctx context.Context, record any) error

	Finish(ctx context.Context) error
	Snapshot(ctx context.Context, checkpointID int64) error
	CheckpointComplete(ctx context.Context, checkpointID int64) error

	// Close releases what Open took, whether or not that succeeded.
	Close() error
}

// hooks call the methods that an operator may have or not.
type hooks struct{ operator any }

func (h hooks) Snapshot(ctx context.Context, id int64) error {
	if s, ok := h.operator.(Snapshotter); ok {
		return s.Snapshot(ctx, id)
	}
	return nil
}

func (h hooks) CheckpointComplete(ctx context.Context, id int64) error {
	if l, ok := h.operator.(Listener); ok {
		return l.CheckpointComplete(ctx, id)
	}
	return nil
}

func (h hooks) Close() error {
	if c, ok := h.operator.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// output is the hooks of an operator that emits.
type output[Out any] struct {
	hooks
	emit func(Out) error
}

func (o *output[Out]) to(emit func(any) error) {
	o.emit = func(record Out) error { return emit(record) }
}

func (o *output[Out]) Finish(ctx context.Context) error {
	if f, ok := o.operator.(Finisher[Out]); ok {
		return f.Finish(ctx, o.emit)
	}
	return nil
}

type sourceOf[Out any] struct {
	output[Out]
	source Source[Out]
}

func newSource[Out any](source Source[Out]) Instance {
	return &sourceOf[Out]{output: output[Out]{hooks: hooks{source}}, source: source}
}

func (s *sourceOf[Out]) Open(ctx context.Context, sub *Subtask, emit func(any) error) error {
	s.to(emit)
	return s.source.Open(ctx, sub)
}

func (s *sourceOf[Out]) Next(ctx context.Context) error { return s.source.Next(ctx, s.emit) }

func (s *sourceOf[Out]) Process(context.Context, any) error {
	return errors.New("program: a source takes no records")
}

type operatorOf[In, Out any] struct {
	output[Out]
	operator Operator[In, Out]
}

func newOperator[In, Out any](operator Operator[In, Out]) Instance {
	return &operatorOf[In, Out]{output: output[Out]{hooks: hooks{operator}}, operator: operator}
}

func (o *operatorOf[In, Out]) Open(ctx context.Context, sub *Subtask, emit func(any) error) error {
	o.to(emit)
	return o.operator.Open(ctx, sub)
}

func (o *operatorOf[In, Out]) Next(context.Context) error { return io.EOF }

func (o *operatorOf[In, Out]) Process(ctx context.Context, record any) error {
	return o.operator.Process(ctx, record.(In), o.emit)
}

type sinkOf[In any] struct {
	output[any]
	sink Sink[In]
}

func newSink[In any](sink Sink[In]) Instance {
	return &sinkOf[In]{output: output[any]{hooks: hooks{sink}}, sink: sink}
}

func (s *sinkOf[In]) Open(ctx context.Context, sub *Subtask, emit func(any) error) error {
	s.to(emit)
	return s.sink.Open(ctx, sub)
}

func (s *sinkOf[In]) Next(context.Context) error { return io.EOF }

func (s *sinkOf[In]) Process(ctx context.Context, record any) error {
	return s.sink.Write(ctx, record.(In))
}
