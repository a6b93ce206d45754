package program

import (
	"errors"
	"fmt"

	"github.com/cairnstate/cairn/job/stream"
	"github.com/cairnstate/cairn/task/state"
)

// Program is a job with the functions that it runs. It is for one goroutine while it is
// written down, and for any number afterwards.
type Program struct {
	env      *stream.Environment
	nodes    map[string]*Node
	problems []error
}

// Node is an operator of a program, as a runtime sees it.
type Node struct {
	// Make makes the operator for one attempt of one subtask.
	Make func() Instance

	// Hash is the hash code of a record's key, if the input is keyed; else nil.
	Hash func(record any) int32
}

// New returns an empty program whose operators go into the environment. Settings are the
// environment's.
func New(env *stream.Environment) *Program {
	return &Program{env: env, nodes: make(map[string]*Node)}
}

// Graph returns the job as it was written down. Errors say what was wrong with it,
// several of them joined.
func (p *Program) Graph() (*stream.Graph, error) {
	graph, err := p.env.Graph()
	if err := errors.Join(append(p.problems, err)...); err != nil {
		return nil, err
	}
	for i := range graph.Nodes {
		if uid := graph.Nodes[i].UID; p.nodes[uid] == nil {
			return nil, &stream.Problem{Operator: graph.Nodes[i].Name, Reason: "nobody said what it does: add it by package program"}
		}
	}
	return graph, nil
}

// Node returns the operator of the uid; nil if there is none.
func (p *Program) Node(uid string) *Node { return p.nodes[uid] }

// Stream is records of one type. It is a value; what is derived from it leaves it as it
// was.
type Stream[T any] struct {
	program *Program
	stream  stream.Stream
	hash    func(record any) int32
}

// Read adds a source. opts may be nil; the name is the uid unless they say another. A source
// that nobody reads is not part of the job.
func Read[Out any](p *Program, name string, opts *stream.Options, make func() Source[Out]) Stream[Out] {
	opts = p.add(name, opts, &Node{Make: func() Instance { return newSource(make()) }})
	return Stream[Out]{program: p, stream: p.env.Source(name, opts).Stream}
}

// Transform adds an operator that reads the stream. opts are as with [Read].
func Transform[In, Out any](s Stream[In], name string, opts *stream.Options, make func() Operator[In, Out]) Stream[Out] {
	opts = s.program.add(name, opts, &Node{Make: func() Instance { return newOperator(make()) }, Hash: s.hash})
	return Stream[Out]{program: s.program, stream: s.stream.Transform(name, opts).Stream}
}

// Write adds a sink. opts are as with [Read].
func Write[In any](s Stream[In], name string, opts *stream.Options, make func() Sink[In]) {
	opts = s.program.add(name, opts, &Node{Make: func() Instance { return newSink(make()) }, Hash: s.hash})
	s.stream.Sink(name, opts)
}

// add remembers what makes the operator, under its uid.
func (p *Program) add(name string, opts *stream.Options, node *Node) *stream.Options {
	with := stream.Options{UID: name}
	if opts != nil {
		with = *opts
		if with.UID == "" {
			with.UID = name
		}
	}
	if p.nodes[with.UID] != nil {
		p.problems = append(p.problems, &stream.Problem{Operator: name, Reason: fmt.Sprintf("uid %q belongs to another operator", with.UID)})
	}
	p.nodes[with.UID] = node
	return &with
}

// KeyBy sends the records of a key to the subtask that has the key's state: declare that
// with the same [state.Key].
func KeyBy[T any, K comparable](s Stream[T], keys state.Key[K], of func(T) K) Stream[T] {
	s.stream = s.stream.KeyBy()
	s.hash = func(record any) int32 { return keys.HashCode(of(record.(T))) }
	return s
}

// Union returns the records of several streams. Key it afterwards, not before.
func (s Stream[T]) Union(others ...Stream[T]) Stream[T] {
	for _, other := range others {
		if s.hash != nil || other.hash != nil {
			s.program.problems = append(s.program.problems, &stream.Problem{Operator: "union", Reason: "takes keyed streams; key what comes of it instead"})
		}
		s.stream = s.stream.Union(other.stream)
	}
	return s
}

// Rebalance sends records round robin.
func (s Stream[T]) Rebalance() Stream[T] {
	s.stream = s.stream.Rebalance()
	return s
}

// Rescale sends records round robin, to a part of the subtasks.
func (s Stream[T]) Rescale() Stream[T] {
	s.stream = s.stream.Rescale()
	return s
}

// Broadcast sends each record to all subtasks.
func (s Stream[T]) Broadcast() Stream[T] {
	s.stream = s.stream.Broadcast()
	return s
}

// Global sends all records to the first subtask.
func (s Stream[T]) Global() Stream[T] {
	s.stream = s.stream.Global()
	return s
}

// Forward sends records to the subtask of the same number. It takes equal parallelisms.
func (s Stream[T]) Forward() Stream[T] {
	s.stream = s.stream.Forward()
	return s
}
