package integration_test

import (
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fault"
	"github.com/cairnstate/cairn/storage/limit"
	"github.com/cairnstate/cairn/storage/meter"
	"github.com/cairnstate/cairn/storage/prefix"
	"github.com/cairnstate/cairn/storage/readonly"
	"github.com/cairnstate/cairn/storage/retry"
	"github.com/cairnstate/cairn/storage/stack"
	"github.com/cairnstate/cairn/storage/trace"
)

// wrapper is one that must not break a promise.
type wrapper struct {
	name string
	wrap func(b backend.Backend) (backend.Backend, error)
}

// wrappers are all there are, each alone, and at last all at once that let one
// write. Under readonly the kit asks only whether nothing is written.
func wrappers() []wrapper {
	return []wrapper{
		{"fault", func(b backend.Backend) (backend.Backend, error) { return fault.Wrap(b, new(fault.Plan)), nil }},
		{"limit", func(b backend.Backend) (backend.Backend, error) { return limit.Wrap(b, someLimit()) }},
		{"retry", func(b backend.Backend) (backend.Backend, error) { return retry.Wrap(b, nil), nil }},
		{"meter", func(b backend.Backend) (backend.Backend, error) { return meter.Wrap(b, noMeter(), "test") }},
		{"trace", func(b backend.Backend) (backend.Backend, error) { return trace.Wrap(b, untold), nil }},
		{"prefix", func(b backend.Backend) (backend.Backend, error) { return prefix.Wrap(b, "a/prefix") }},
		{"readonly", func(b backend.Backend) (backend.Backend, error) { return readonly.Wrap(b), nil }},
		{"all of them", allOfThem},
	}
}

// allOfThem is the stack as it is meant to be, with a fault inside and a prefix
// outside.
func allOfThem(b backend.Backend) (backend.Backend, error) {
	stacked, err := stack.Wrap(fault.Wrap(b, new(fault.Plan)), "test", &stack.Options{
		Trace: untold, Limit: someLimit(), Meter: noMeter(),
	})
	if err != nil {
		return nil, err
	}
	return prefix.Wrap(stacked, "a/prefix")
}

// someLimit is one that the kit's load meets.
func someLimit() *limit.Options { return &limit.Options{Calls: 6} }

func noMeter() metric.Meter { return noop.NewMeterProvider().Meter("test") }

func untold(trace.Line) {}
