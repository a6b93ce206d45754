package stream

import (
	"fmt"
	"slices"

	"github.com/cairnstate/cairn/job"
)

// Stream is what can be read (Flink: DataStream). It is a value; what is derived from it
// leaves it as it was.
type Stream struct {
	env   *Environment
	ends  []end
	keyed bool
}

// end is where an edge begins.
type end struct {
	from       int              // index of the operator
	by         *job.Partitioner // nil if nothing was said
	sideOutput string
}

// Operator is an operator, and the stream of what it puts out.
type Operator struct {
	Stream
	kind    Kind
	name    string
	options Options
	inputs  []Stream
}

// SideOutput returns the stream of records that the operator puts out under a tag.
func (o *Operator) SideOutput(tag string) Stream {
	s := o.Stream
	s.ends = []end{{from: o.ends[0].from, sideOutput: tag}}
	return s
}

// Transform adds an operator that reads the stream (Flink: map, filter, process, …).
func (s Stream) Transform(name string, opts *Options) *Operator {
	return s.env.add(OneInput, name, opts, []Stream{s})
}

// Sink adds a sink that is one operator. Flink's two-phase sinks are a writer, with
// Transform, and a committer behind it.
func (s Stream) Sink(name string, opts *Options) {
	s.env.add(Sink, "Sink: "+name, opts, []Stream{s})
}

// Union returns the records of several streams.
func (s Stream) Union(others ...Stream) Stream {
	union := Stream{env: s.env, ends: slices.Clone(s.ends)}
	for _, other := range others {
		if other.env != s.env {
			s.env.wrong("union", "takes a stream of another environment")
		}
		union.ends = append(union.ends, other.ends...)
	}
	return union
}

// KeyBy sends records of a key to the subtask that has the key's state.
func (s Stream) KeyBy() Stream {
	s = s.partitioned("hash")
	s.keyed = true
	return s
}

// Rebalance sends records round robin.
func (s Stream) Rebalance() Stream { return s.repartitioned("rebalance") }

// Rescale sends records round robin, to a part of the subtasks.
func (s Stream) Rescale() Stream { return s.repartitioned("rescale") }

// Shuffle sends records at random.
func (s Stream) Shuffle() Stream { return s.repartitioned("shuffle") }

// Global sends all records to the first subtask.
func (s Stream) Global() Stream { return s.repartitioned("global") }

// Broadcast sends each record to all subtasks.
func (s Stream) Broadcast() Stream { return s.repartitioned("broadcast") }

// Forward sends records to the subtask of the same number. It takes equal parallelisms.
func (s Stream) Forward() Stream { return s.repartitioned("forward") }

// PartitionCustom sends records where a function of the user says.
func (s Stream) PartitionCustom() Stream { return s.repartitioned("custom") }

// repartitioned is for all partitionings but by key, which may not replace that one: the
// state would be elsewhere.
func (s Stream) repartitioned(by string) Stream {
	if s.keyed {
		s.env.wrong(by, "a stream that is partitioned by key cannot be partitioned otherwise")
	}
	return s.partitioned(by)
}

func (s Stream) partitioned(by string) Stream {
	partitioner, _ := job.PartitionerNamed(by)
	s.ends = slices.Clone(s.ends)
	for i := range s.ends {
		s.ends[i].by = &partitioner
	}
	return s
}

// Problem is one thing that is wrong with a job.
type Problem struct {
	Operator string // its name; or that of a call, or empty if the whole job is meant
	Reason   string
}

// Error says which operator, and why.
func (p *Problem) Error() string {
	if p.Operator == "" {
		return "stream: " + p.Reason
	}
	return fmt.Sprintf("stream: %s: %s", p.Operator, p.Reason)
}

func (e *Environment) wrong(operator, reason string, args ...any) {
	e.problems = append(e.problems, &Problem{operator, fmt.Sprintf(reason, args...)})
}
