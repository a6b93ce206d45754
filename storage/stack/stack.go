// Package stack puts the wrappers around a backend in the one order in which they
// make sense, so that nobody has to find it again:
//
//		caller → meter → retry → limit → trace → backend
//
//	  - Trace is next to the backend: it tells what was really asked of the store, each
//	    try of a retry included, when it was asked.
//	  - Limit is inside of retry: a second try is a request like any other and takes its
//	    turn, and nobody holds a place while he pauses. It is outside of trace, so that
//	    the times there are the store's.
//	  - Retry is around both, so that what limit says of throttling reaches the budgets
//	    before anything is tried again.
//	  - Meter is outermost: it counts what the caller gets, after all tries. What the
//	    store gets is in the trace.
//
// Only what is asked for is put in, but retry, which is always there; give it one
// attempt to have none. A fault goes between backend and stack, a prefix around the
// stack.
//
// The SDKs of S3 and Google try a request again themselves, some three or five times,
// and know their stores better than we do. They stay as they are; the retry of the
// stack is for what they cannot do: go on in the middle of a body or a listing, and
// abandon what does not move. Tries multiply, so by default a step is tried twice
// here.
package stack

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/metric"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/limit"
	"github.com/cairnstate/cairn/storage/meter"
	"github.com/cairnstate/cairn/storage/retry"
	"github.com/cairnstate/cairn/storage/trace"
)

// Options say what is in the stack. Nil and the zero value are a retry with few
// attempts.
type Options struct {
	Trace trace.Sink     // told of each operation; nil for none
	Limit *limit.Options // nil for none
	Retry *retry.Options // nil for the defaults with [Attempts]
	Meter metric.Meter   // counts; nil for none
}

// Attempts is how often a step is tried if [Options.Retry] does not say.
const Attempts = 2

// Wrap puts the stack around b, which metrics call by the scheme. opts may be nil.
// The error is a mistake in the options, and b is still the caller's. Closing the
// stack closes b.
func Wrap(b backend.Backend, scheme string, opts *Options) (backend.Backend, error) {
	if opts == nil {
		opts = &Options{}
	}
	if opts.Trace != nil {
		b = trace.Wrap(b, opts.Trace)
	}
	if opts.Limit != nil {
		limited, err := limit.Wrap(b, opts.Limit)
		if err != nil {
			return nil, err
		}
		b = limited
	}
	b = retry.Wrap(b, patience(opts.Retry))
	if opts.Meter != nil {
		return meter.Wrap(b, opts.Meter, scheme)
	}
	return b, nil
}

func patience(given *retry.Options) *retry.Options {
	if given == nil {
		return &retry.Options{Attempts: Attempts}
	}
	return given
}

// Over returns a registry that has what the given one has, with the stack around each
// backend that it opens. Each has a stack of its own, and limits of its own. The given
// one must not change any more.
func Over(registry *backend.Registry, opts *Options) *backend.Registry {
	open := func(ctx context.Context, root backend.Root) (backend.Backend, error) {
		b, err := registry.Open(ctx, root)
		if err != nil {
			return nil, err
		}
		wrapped, err := Wrap(b, registry.Canonical(root.Scheme), opts.of(root))
		if err != nil {
			return nil, errors.Join(err, b.Close())
		}
		return wrapped, nil
	}
	over := new(backend.Registry)
	for _, scheme := range registry.Schemes() {
		if registry.Canonical(scheme) == scheme {
			over.Register(open, aliases(registry, scheme)...)
		}
	}
	return over
}

// of returns the options with a trace that names the store.
func (o *Options) of(root backend.Root) *Options {
	if o == nil || o.Trace == nil {
		return o
	}
	named := *o
	named.Trace = o.Trace.Of(root.String())
	return &named
}

// aliases returns the scheme that stands for others, and then the others.
func aliases(registry *backend.Registry, canonical string) []string {
	all := []string{canonical}
	for _, scheme := range registry.Schemes() {
		if scheme != canonical && registry.Canonical(scheme) == canonical {
			all = append(all, scheme)
		}
	}
	return all
}
