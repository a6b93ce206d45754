package execution

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"sync"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/operator"
	"github.com/cairnstate/cairn/coordinator/plan"
	"github.com/cairnstate/cairn/coordinator/work"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/task"
)

// Graph is one execution of a job (Flink: ExecutionGraph, with what its scheduler
// does). [CreateAndRestore] makes one. It is safe for use by many goroutines at once.
type Graph struct {
	jobID    checkpoint.JobID
	id       task.ExecutionGraphID
	deployer Deployer
	clock    work.Clock
	executor work.Executor
	given    work.Executor // nil if the executor is of our own making
	log      *slog.Logger
	main     mainThread

	ctx         context.Context            // of all that the graph does by itself
	life        context.Context            // of what is of no use when the job is to end
	coordinator *coordinator.Coordinator   // nil without checkpoints
	checkpoints checkpoints                // the same, as the graph sees it
	holders     map[int][]*operator.Holder // of operator coordinators, by vertex
	periodic    bool                       // checkpoints are taken by the clock
	index       map[checkpoint.JobVertexID]int
	done        chan struct{}

	// What follows is changed by the main thread alone, which so may read it as it
	// likes. mu is for others, who see what is marked.
	mu        sync.Mutex
	job       *job.Job                // mu
	status    JobStatus               // mu
	vertices  [][]*subtask            // mu, but for what only counts
	listeners []Listener              // mu
	started   bool                    // mu
	halt      context.CancelCauseFunc // mu: of life
	err       error                   // mu: why the job failed, or what went wrong at its end

	sources  []source // by vertex
	subtasks []*subtask
	strategy RestartStrategy
	restarts map[*restart]bool // that are waited for
	stopping *Stopping         // nil if nobody asked
	live     int               // attempts that were deployed and have not ended
	finished int               // current attempts that have
	ending   bool              // the coordinator is being shut down, or was
}

// Options change how a job is run. Nil is the same as the zero value.
type Options struct {
	// Restart decides what becomes of failures; nil for Flink's choice:
	// [DefaultExponentialDelay] if there are periodic checkpoints, else [NoRestart].
	Restart RestartStrategy

	Clock    work.Clock    // nil for the system's
	Executor work.Executor // nil for goroutines

	// Logger is told of each change of a status, and with debug of each attempt's;
	// nil for silence.
	Logger *slog.Logger
}

// New returns an execution of the job, with all attempts in CREATED: [Graph.Start]
// starts them. opts may be nil. It does not know of checkpoints before
// [Graph.EnableCheckpointing].
func New(id checkpoint.JobID, j *job.Job, deployer Deployer, opts *Options) (*Graph, error) {
	if j == nil || deployer == nil {
		return nil, errors.New("execution: a job and a deployer are needed")
	}
	if opts == nil {
		opts = &Options{}
	}
	g := &Graph{
		jobID: id, job: j, deployer: deployer, status: Created,
		clock: opts.Clock, executor: opts.Executor, given: opts.Executor, log: opts.Logger, strategy: opts.Restart,
		ctx: context.Background(), halt: func(error) {}, done: make(chan struct{}), restarts: map[*restart]bool{},
		holders: map[int][]*operator.Holder{}, index: map[checkpoint.JobVertexID]int{},
	}
	g.fillDefaults()
	rand.Read(g.id[:]) // it never fails: the program ends first
	g.main.executor = g.executor
	g.expand()
	return g, nil
}

func (g *Graph) fillDefaults() {
	if g.clock == nil {
		g.clock = work.System{}
	}
	if g.executor == nil {
		g.executor = &work.Goroutines{}
	}
	if g.log == nil {
		g.log = slog.New(slog.DiscardHandler)
	}
}

// expand makes the subtasks of all vertices, and their regions.
func (g *Graph) expand() {
	g.sources = make([]source, g.job.Len())
	for i, v := range g.job.Vertices() {
		g.index[v.ID] = i
		subtasks := make([]*subtask, v.Parallelism)
		for n := range subtasks {
			id := task.ExecutionAttempt{Graph: g.id, Vertex: v.ID, Subtask: int32(n)}
			subtasks[n] = &subtask{vertex: i, current: attempt{id: id, state: task.Created}}
		}
		g.vertices = append(g.vertices, subtasks)
		g.subtasks = append(g.subtasks, subtasks...)
	}
	regions(g.job, g.vertices)
}

// Current returns the current attempts, by vertex of the job, then by subtask.
func (g *Graph) Current() [][]plan.Execution {
	g.mu.Lock()
	defer g.mu.Unlock()
	current := make([][]plan.Execution, len(g.vertices))
	for i, subtasks := range g.vertices {
		current[i] = make([]plan.Execution, len(subtasks))
		for n, s := range subtasks {
			current[i][n] = s.current.execution()
		}
	}
	return current
}

// Status returns how far the job has come.
func (g *Graph) Status() JobStatus {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.status
}

// Job returns the job that runs, with the max parallelisms that a restored checkpoint
// gave it.
func (g *Graph) Job() *job.Job {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.job
}

// Coordinator returns the job's checkpoint coordinator, which tasks answer to; nil if
// there are no checkpoints. It is shut down by the graph.
func (g *Graph) Coordinator() *coordinator.Coordinator { return g.coordinator }
