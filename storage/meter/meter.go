package meter

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/around"
)

// Wrap counts what goes through b with instruments of the meter. The scheme is what
// the metrics call the backend: "s3". The error is the meter's. Closing it closes b.
// It is as safe for use by many goroutines as b.
func Wrap(b backend.Backend, meter metric.Meter, scheme string) (backend.Backend, error) {
	i, err := newInstruments(meter, scheme)
	if err != nil {
		return nil, fmt.Errorf("meter: %w", err)
	}
	return around.Wrap(b, i.around), nil
}

func (i *instruments) around(c *around.Call, do func() error) error {
	if c.Op == around.Send { // who is called is the caller's source, and not the store
		err := do()
		i.moved(counting(c.Context), c)
		return err
	}
	i.inFlight.Add(c.Context, 1, i.any...)
	began := time.Now()
	err := do()
	took := time.Since(began)
	ctx := counting(c.Context)
	i.inFlight.Add(ctx, -1, i.any...)
	i.moved(ctx, c)
	verb := verbOf(c.Op)
	if err != nil && !errors.Is(err, io.EOF) {
		i.errors.Add(ctx, 1, i.with(attribute.String("verb", string(verb)), attribute.String("kind", around.Kind(err))))
	}
	if took, ended := ends(c, took, err); ended {
		i.calls.Add(ctx, 1, i.verbs[verb])
		i.duration.Record(ctx, took.Seconds(), i.verbs[verb])
	}
	return err
}

// counting is the context to count under: a call is counted also after its own is done.
func counting(ctx context.Context) context.Context {
	if ctx.Err() != nil {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

// moved counts bytes as they come and go.
func (i *instruments) moved(ctx context.Context, c *around.Call) {
	switch c.Op {
	case around.Read, around.Receive:
		i.bytes.Add(ctx, c.N, i.in...)
	case around.Write, around.Swap:
		i.bytes.Add(ctx, c.N, i.out...)
	case around.Send:
		i.bytes.Add(ctx, c.First, i.out...)
	}
}

// verbOf returns what a call of a stream is part of.
func verbOf(op around.Op) around.Op {
	switch op {
	case around.Close:
		return around.Read
	case around.Next, around.Stop:
		return around.List
	case around.Receive:
		return around.Download
	}
	return op
}

// ends says whether the call is one for itself, or the last of a stream, and how long
// that took in all.
func ends(c *around.Call, took time.Duration, err error) (time.Duration, bool) {
	switch c.Op {
	case around.Write, around.Receive: // Commit, Abort and Download end them
		return 0, false
	case around.List: // Next ends it, unless it never began
		return took, err != nil
	case around.Read, around.Close:
		return spent(c.Stream, took), c.Op == around.Close
	case around.Next, around.Stop:
		return spent(c.Stream, took), c.Op == around.Stop || err != nil
	}
	return took, true
}

func spent(s *around.Stream, took time.Duration) time.Duration {
	before, _ := s.Own.(time.Duration)
	s.Own = before + took
	return before + took
}
