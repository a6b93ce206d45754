package program

import (
	"fmt"
	"strings"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job/configuration"
	"github.com/cairnstate/cairn/job/jobgraph"
	"github.com/cairnstate/cairn/job/stream"
)

// Answer is what Flink said of a seed.
type Answer struct {
	Seed    int64   `json:"seed"`
	Program Program `json:"program"`
	Result  *Result `json:"result"`
	Refused string  `json:"refused"`
}

// Program is a configuration and what is called then.
type Program struct {
	Settings map[string]string `json:"settings"`
	Enable   *int64            `json:"enable"` // milliseconds
	Steps    []Step            `json:"steps"`
}

// Step makes one stream.
type Step struct {
	Kind, Name, By, Tag, UID, UIDHash, SlotSharingGroup, Chaining string
	Inputs                                                        []int
	Parallelism, MaxParallelism                                   int32
	Yielding                                                      bool
}

// Run translates the program. The configuration is given as a file, so that reading one
// is compared too.
func (p *Program) Run() (*stream.Environment, *jobgraph.Graph, error) {
	c, err := configuration.ParseYAML("config.yaml", []byte(p.file()))
	if err != nil {
		return nil, nil, err
	}
	env, err := stream.NewEnvironment(c)
	if err != nil {
		return nil, nil, err
	}
	if p.Enable != nil {
		if err := env.EnableCheckpointing(time.Duration(*p.Enable) * time.Millisecond); err != nil {
			return nil, nil, err
		}
	}
	if err := p.steps(env); err != nil {
		return nil, nil, err
	}
	graph, err := env.Graph()
	if err != nil {
		return nil, nil, err
	}
	made, err := jobgraph.New(graph)
	return env, made, err
}

func (p *Program) file() string {
	var b strings.Builder
	for key, value := range p.Settings {
		fmt.Fprintf(&b, "%s: %q\n", key, value)
	}
	return b.String()
}

func (p *Program) steps(env *stream.Environment) error {
	operators := make([]*stream.Operator, len(p.Steps))
	streams := make([]stream.Stream, len(p.Steps))
	for i := range p.Steps {
		step := &p.Steps[i]
		opts, err := step.options()
		if err != nil {
			return err
		}
		var in []stream.Stream
		for _, from := range step.Inputs {
			in = append(in, streams[from])
		}
		switch step.Kind {
		case "source":
			operators[i] = env.Source(step.Name, opts)
		case "legacySource":
			operators[i] = env.LegacySource(step.Name, opts)
		case "transform":
			operators[i] = in[0].Transform(step.Name, opts)
		case "two", "multiple":
			operators[i] = env.Connect(step.Name, opts, in...)
		case "sink":
			in[0].Sink(step.Name, opts)
		case "union":
			streams[i] = in[0].Union(in[1:]...)
		case "side":
			streams[i] = operators[step.Inputs[0]].SideOutput(step.Tag)
		default:
			streams[i] = step.partition(in[0])
		}
		if operators[i] != nil {
			streams[i] = operators[i].Stream
		}
	}
	return nil
}

func (s *Step) options() (*stream.Options, error) {
	opts := &stream.Options{
		UID: s.UID, Parallelism: s.Parallelism, MaxParallelism: s.MaxParallelism,
		SlotSharingGroup: s.SlotSharingGroup, Yielding: s.Yielding,
	}
	switch s.Chaining {
	case "NEVER":
		opts.Chaining = stream.ChainNever
	case "HEAD":
		opts.Chaining = stream.ChainHead
	case "HEAD_WITH_SOURCES":
		opts.Chaining = stream.ChainHeadWithSources
	}
	if s.UIDHash == "" {
		return opts, nil
	}
	hash, err := checkpoint.ParseOperatorID(s.UIDHash)
	opts.UIDHash = &hash
	return opts, err
}

func (s *Step) partition(in stream.Stream) stream.Stream {
	return map[string]func() stream.Stream{
		"hash": in.KeyBy, "rebalance": in.Rebalance, "rescale": in.Rescale, "shuffle": in.Shuffle, "global": in.Global,
		"broadcast": in.Broadcast, "forward": in.Forward, "custom": in.PartitionCustom,
	}[s.By]()
}
