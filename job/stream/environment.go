package stream

import (
	"errors"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/job/configuration"
)

// Environment is where a job is written down (Flink: StreamExecutionEnvironment). Make
// one with NewEnvironment. It is for one goroutine.
type Environment struct {
	Parallelism    int32 // of operators that say none; those that are there already keep theirs
	MaxParallelism int32 // of operators that say none; 0 to have it derived

	// Chaining lets operators share a task; ChainDifferentMaxParallelism even those
	// whose max parallelism differs.
	Chaining                     bool
	ChainDifferentMaxParallelism bool

	Checkpointing checkpointing.Config

	operators []*Operator
	problems  []error
}

// NewEnvironment returns an environment without operators. It is configured as the
// configuration says, which may be nil. Errors are *configuration.Error, several of
// them joined.
func NewEnvironment(from *configuration.Configuration) (*Environment, error) {
	e := &Environment{Parallelism: 1, Chaining: true, ChainDifferentMaxParallelism: true, Checkpointing: checkpointing.Default()}
	if from == nil {
		return e, nil
	}
	err := errors.Join(
		read(from, &e.Parallelism, configuration.Value.Int, "parallelism.default"),
		read(from, &e.MaxParallelism, configuration.Value.Int, "pipeline.max-parallelism"),
		read(from, &e.Chaining, configuration.Value.Bool, "pipeline.operator-chaining.enabled", "pipeline.operator-chaining"),
		read(from, &e.ChainDifferentMaxParallelism, configuration.Value.Bool,
			"pipeline.operator-chaining.chain-operators-with-different-max-parallelism"),
		e.Checkpointing.Read(from),
	)
	if err != nil {
		return nil, err
	}
	e.MaxParallelism = max(e.MaxParallelism, 0) // Flink's own default is -1
	return e, nil
}

func read[T any](from *configuration.Configuration, field *T, as func(configuration.Value) (T, error), key string, former ...string) error {
	value, chosen := from.Lookup(key, former...)
	if !chosen {
		return nil
	}
	got, err := as(value)
	if err == nil {
		*field = got
	}
	return err
}

// EnableCheckpointing turns periodic checkpoints on. An interval under 10 ms is an
// error, and changes nothing.
func (e *Environment) EnableCheckpointing(interval time.Duration) error {
	if interval < checkpointing.MinimalTime {
		return &checkpointing.OptionError{Key: "execution.checkpointing.interval",
			Err: errors.New(interval.String() + " is shorter than " + checkpointing.MinimalTime.String())}
	}
	e.Checkpointing.Interval = interval
	return nil
}

// Source adds a source of Flink's present kind, which may be chained into a multiple
// input operator.
func (e *Environment) Source(name string, opts *Options) *Operator {
	return e.add(Source, "Source: "+name, opts, nil)
}

// LegacySource adds a source that is a SourceFunction. No operator that yields may be
// chained to it.
func (e *Environment) LegacySource(name string, opts *Options) *Operator {
	return e.add(LegacySource, "Source: "+name, opts, nil)
}

// Connect adds an operator with several inputs, two (Flink: ConnectedStreams) or more
// (MultipleInputTransformation).
func (e *Environment) Connect(name string, opts *Options, inputs ...Stream) *Operator {
	return e.add(SeveralInputs, name, opts, inputs)
}

// Options are what may be said of an operator. Nil says nothing.
type Options struct {
	UID     string                 // decides the operator's id; empty to have it derived from the graph
	UIDHash *checkpoint.OperatorID // a second id to find state by; nil for none

	Parallelism    int32 // 0 for the environment's
	MaxParallelism int32 // 0 for the environment's

	Chaining         ChainingStrategy
	SlotSharingGroup string // empty for that of the inputs
	Yielding         bool   // it runs mails between records, as async I/O does
}

func (e *Environment) add(kind Kind, name string, opts *Options, inputs []Stream) *Operator {
	if opts == nil {
		opts = &Options{}
	}
	op := &Operator{kind: kind, name: name, options: *opts, inputs: inputs}
	if op.options.Parallelism == 0 {
		op.options.Parallelism = e.Parallelism
	}
	op.Stream = Stream{env: e, ends: []end{{from: len(e.operators)}}}
	e.operators = append(e.operators, op)
	e.check(op)
	return op
}

func (e *Environment) check(op *Operator) {
	if op.options.Parallelism < 1 {
		e.wrong(op.name, "parallelism %d is less than 1", op.options.Parallelism)
	}
	for _, limit := range []int32{op.options.MaxParallelism, e.MaxParallelism} {
		if limit < 0 || limit > checkpoint.UpperBoundMaxParallelism {
			e.wrong(op.name, "max parallelism %d is not between 1 and %d", limit, checkpoint.UpperBoundMaxParallelism)
		}
	}
	if kind := op.kind; len(op.inputs) == 0 && kind != Source && kind != LegacySource {
		e.wrong(op.name, "has no inputs")
	}
	for _, in := range op.inputs {
		if in.env != e {
			e.wrong(op.name, "reads a stream of another environment")
		}
	}
}
