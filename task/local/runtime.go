package local

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/work"
	"github.com/cairnstate/cairn/execution"
	"github.com/cairnstate/cairn/job/jobgraph"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/task"
	"github.com/cairnstate/cairn/task/barrier"
	"github.com/cairnstate/cairn/task/program"
)

// Runtime starts attempts of the subtasks of one program, as goroutines. It is safe for
// use by many goroutines at once.
type Runtime struct {
	graph  *jobgraph.Graph
	wiring *wiring
	access *storage.CheckpointStorageAccess
	opts   RuntimeOptions

	mu      sync.Mutex
	gates   map[subtaskID]entrance // guarded by mu
	running sync.WaitGroup
}

var _ execution.Deployer = (*Runtime)(nil)

// RuntimeOptions change how subtasks run. Nil and the zero value are fine.
type RuntimeOptions struct {
	// QueueLength is how many records a queue between two subtasks holds; 0 means 256.
	QueueLength int

	// Grace is how long a subtask that was cancelled may take to finish writes of
	// state that it has begun, so that it leaves no files, before they are cut off; 0
	// means 30 s.
	Grace time.Duration

	// Epoch is what operators are told, see [program.Subtask].
	Epoch int64

	Clock  work.Clock   // nil for the system's
	Logger *slog.Logger // nil for silence
}

// NewRuntime returns the runtime of a program, whose checkpoints go to the storage. opts
// may be nil. Errors say what is wrong with the program, or cannot be run here.
func NewRuntime(p *program.Program, access *storage.CheckpointStorageAccess, opts *RuntimeOptions) (*Runtime, error) {
	graph, err := p.Graph()
	if err != nil {
		return nil, err
	}
	r := &Runtime{access: access, gates: make(map[subtaskID]entrance)}
	if r.graph, err = jobgraph.New(graph); err != nil {
		return nil, err
	}
	if r.wiring, err = wire(p, graph, r.graph); err != nil {
		return nil, err
	}
	if opts != nil {
		r.opts = *opts
	}
	r.opts.QueueLength = cmp.Or(r.opts.QueueLength, 256)
	r.opts.Grace = cmp.Or(r.opts.Grace, 30*time.Second)
	if r.opts.Clock == nil {
		r.opts.Clock = work.System{}
	}
	if r.opts.Logger == nil {
		r.opts.Logger = slog.New(slog.DiscardHandler)
	}
	return r, r.checkSettings()
}

// JobGraph returns the job as it is deployed, for [execution.CreateAndRestore].
func (r *Runtime) JobGraph() *jobgraph.Graph { return r.graph }

// Deploy starts an attempt.
func (r *Runtime) Deploy(_ context.Context, d execution.Deployment) (execution.Task, error) {
	a := newAttempt(r, d)
	r.running.Go(a.run)
	return a, nil
}

// Wait returns when all attempts have ended, and all they had begun.
func (r *Runtime) Wait() { r.running.Wait() }

// subtaskID names a subtask, whichever attempt of it.
type subtaskID struct {
	graph   task.ExecutionGraphID
	vertex  checkpoint.JobVertexID
	subtask int32
}

// entrance is the gate of the latest attempt of a subtask. Subtasks that are connected
// are started again together, and so have attempts of the same number.
type entrance struct {
	attempt int32
	gate    *barrier.Gate[any]
}

// gate returns the gate of an attempt, which whoever comes first makes: the attempt
// itself or one of its producers.
func (r *Runtime) gate(of task.ExecutionAttempt, channels int) *barrier.Gate[any] {
	id := subtaskID{of.Graph, of.Vertex, of.Subtask}
	r.mu.Lock()
	defer r.mu.Unlock()
	e, there := r.gates[id]
	if !there || e.attempt != of.Attempt {
		e = entrance{of.Attempt, barrier.NewGate[any](channels, r.opts.QueueLength, r.opts.Clock.Now)}
		r.gates[id] = e
	}
	return e.gate
}

// output returns an edge out of an attempt.
func (r *Runtime) output(ctx context.Context, d *execution.Deployment, over int) *output {
	e := &r.wiring.edges[over]
	consumer := d.Job.Vertex(e.to)
	o := &output{ctx: ctx, edge: over, maxParallelism: consumer.MaxParallelism}
	for i := range consumer.Parallelism {
		channel := r.wiring.channel(d.Job, over, d.Attempt.Subtask, i)
		if channel < 0 {
			continue
		}
		to := task.ExecutionAttempt{Graph: d.Attempt.Graph, Vertex: consumer.ID, Subtask: i, Attempt: d.Attempt.Attempt}
		o.targets = append(o.targets, target{r.gate(to, r.wiring.channels(d.Job, e.to, i)), channel})
	}
	o.choose = o.chooser(e, consumer.Parallelism)
	return o
}
