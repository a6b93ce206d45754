package stack_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fault"
	"github.com/cairnstate/cairn/storage/internal/around"
	"github.com/cairnstate/cairn/storage/internal/powers"
	"github.com/cairnstate/cairn/storage/limit"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/retry"
	"github.com/cairnstate/cairn/storage/stack"
	"github.com/cairnstate/cairn/storage/storagetest"
	"github.com/cairnstate/cairn/storage/trace"
)

// full is all that a stack can have.
func full(told func(trace.Line), counts metric.Meter) *stack.Options {
	return &stack.Options{
		Trace: told,
		Limit: &limit.Options{Calls: 2, Requests: 1e6, Bytes: 1e9, Budget: limit.S3Budget()},
		Retry: &retry.Options{Attempts: 3},
		Meter: counts,
	}
}

func TestConformance(t *testing.T) {
	shared := new(mem.Backend)
	for name, opts := range map[string]*stack.Options{"full": full(func(trace.Line) {}, noop.Meter{}), "default": nil} {
		t.Run(name, func(t *testing.T) {
			storagetest.Run(t, func(t *testing.T) backend.Backend { return wrap(t, shared, opts) })
		})
	}
}

// TestOrder lets each store call fail once: the trace has both tries, the metrics one.
func TestOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lines []string
		counts := new(calls)
		store := fault.Wrap(new(mem.Backend), fault.At(fault.Nth(1), fault.Fail(fault.Throttled)))
		b := wrap(t, store, full(func(l trace.Line) { lines = append(lines, l.String()) }, counts))
		_, _ = b.Stat(t.Context(), "a")
		if want := []string{`stat "a": throttled`, `stat "a": absent`}; !slices.Equal(lines, want) {
			t.Errorf("traced %q, want %q", lines, want)
		}
		if counts.n != 1 {
			t.Errorf("counted %d calls, want 1", counts.n)
		}
	})
}

// calls is a meter that adds up the calls alone.
type calls struct {
	noop.Meter
	n int64
}

func (c *calls) Int64Counter(name string, _ ...metric.Int64CounterOption) (metric.Int64Counter, error) {
	if name == "cairn.storage.calls" {
		return counter{calls: c}, nil
	}
	return noop.Int64Counter{}, nil
}

type counter struct {
	noop.Int64Counter
	calls *calls
}

func (c counter) Add(_ context.Context, n int64, _ ...metric.AddOption) { c.calls.n += n }

// TestEveryPowerGoesThrough would find a wrapper that swallows one.
func TestEveryPowerGoesThrough(t *testing.T) {
	var seen []around.Op
	store := around.Wrap(new(mem.Backend), func(c *around.Call, do func() error) error {
		seen = append(seen, c.Op)
		return do()
	})
	for name, request := range powers.Requests(wrap(t, store, full(func(trace.Line) {}, noop.Meter{}))) {
		seen = nil
		_ = request(t.Context(), "key") // whether it succeeds is not the question
		if len(seen) == 0 {
			t.Errorf("%s did not come through", name)
		}
	}
}

func TestOverKeepsAliases(t *testing.T) {
	var registry backend.Registry
	registry.Register(func(context.Context, backend.Root) (backend.Backend, error) { return new(mem.Backend), nil }, "s3", "s3a", "a3")
	registry.Register(func(context.Context, backend.Root) (backend.Backend, error) { return nil, errors.New("down") }, "gs")
	over := stack.Over(&registry, nil)
	if got := strings.Join(over.Schemes(), " "); got != "a3 gs s3 s3a" {
		t.Errorf("schemes %s", got)
	}
	for _, alias := range []string{"s3", "s3a", "a3"} {
		if over.Canonical(alias) != "s3" {
			t.Errorf("%s stands for %s", alias, over.Canonical(alias))
		}
		if _, err := over.Open(t.Context(), backend.Root{Scheme: alias}); err != nil {
			t.Error(err)
		}
	}
	if _, err := over.Open(t.Context(), backend.Root{Scheme: "gs"}); err == nil || err.Error() != "down" {
		t.Errorf("opening what is down gives %v", err)
	}
}

// TestAMistakeClosesTheBackend opens with a limit that is none.
func TestAMistakeClosesTheBackend(t *testing.T) {
	closed := false
	var registry backend.Registry
	registry.Register(func(context.Context, backend.Root) (backend.Backend, error) {
		return around.Wrap(new(mem.Backend), func(c *around.Call, do func() error) error {
			closed = closed || c.Op == around.Shut
			return do()
		}), nil
	}, "mem")
	_, err := stack.Over(&registry, &stack.Options{Limit: &limit.Options{Calls: -1}}).Open(t.Context(), backend.Root{Scheme: "mem"})
	if err == nil || !closed {
		t.Errorf("error %v, closed: %v", err, closed)
	}
}

func wrap(t *testing.T, b backend.Backend, opts *stack.Options) backend.Backend {
	t.Helper()
	wrapped, err := stack.Wrap(b, "mem", opts)
	if err != nil {
		t.Fatal(err)
	}
	return wrapped
}
