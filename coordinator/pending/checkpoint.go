package pending

import (
	"iter"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/plan"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/task"
)

// Checkpoint is a checkpoint that is being taken (Flink: PendingCheckpoint). It is for
// one goroutine at a time: the coordinator guards its own with its lock.
type Checkpoint struct {
	id         int64
	triggered  time.Time
	plan       *plan.Plan
	job        *job.Job
	properties checkpoint.Properties

	vertices     map[checkpoint.JobVertexID]int // index of each in tasks
	tasks        [][]slot                       // by vertex, then by subtask
	acknowledged int                            // tasks

	coordinators map[checkpoint.OperatorID]*coordinator
	hooks        []hook // in the order given to New
	others       int    // coordinators and hooks that have not answered

	disposed bool
}

// slot is what is known of a subtask.
type slot struct {
	attempt      task.ExecutionAttempt // of which an answer is expected
	expected     bool
	acknowledged bool
	snapshot     *task.Snapshot // nil if it reported none
}

type coordinator struct {
	acknowledged bool
	state        []byte // nil if it reported none
}

type hook struct {
	identifier   string
	acknowledged bool
	state        *checkpoint.MasterState // nil if it reported none
}

// New returns a checkpoint of which nothing has been acknowledged. The job has the max
// parallelisms that count now. Coordinators are named by the generated id of an
// operator of the job, hooks by their identifier.
func New(id int64, triggered time.Time, p *plan.Plan, j *job.Job, coordinators []checkpoint.OperatorID, hooks []string, properties checkpoint.Properties) *Checkpoint {
	c := &Checkpoint{id: id, triggered: triggered, plan: p, job: j, properties: properties}
	c.expectTasks()
	c.expectOthers(coordinators, hooks)
	return c
}

func (c *Checkpoint) expectTasks() {
	c.vertices = make(map[checkpoint.JobVertexID]int, c.job.Len())
	c.tasks = make([][]slot, c.job.Len())
	for i, v := range c.job.Vertices() {
		c.vertices[v.ID] = i
		c.tasks[i] = make([]slot, v.Parallelism)
	}
	for _, e := range c.plan.Wait {
		c.tasks[c.vertices[e.Attempt.Vertex]][e.Attempt.Subtask] = slot{attempt: e.Attempt, expected: true}
	}
}

func (c *Checkpoint) expectOthers(coordinators []checkpoint.OperatorID, hooks []string) {
	c.coordinators = make(map[checkpoint.OperatorID]*coordinator, len(coordinators))
	for _, id := range coordinators {
		c.coordinators[id] = &coordinator{}
	}
	for _, identifier := range hooks {
		c.hooks = append(c.hooks, hook{identifier: identifier})
	}
	c.others = len(c.coordinators) + len(c.hooks)
}

// ID returns the checkpoint's id.
func (c *Checkpoint) ID() int64 { return c.id }

// Triggered returns when it was triggered.
func (c *Checkpoint) Triggered() time.Time { return c.triggered }

// Plan returns who takes part.
func (c *Checkpoint) Plan() *plan.Plan { return c.plan }

// Properties returns what kind of checkpoint it is to be.
func (c *Checkpoint) Properties() checkpoint.Properties { return c.properties }

// Tasks returns how many subtasks have to acknowledge.
func (c *Checkpoint) Tasks() int { return len(c.plan.Wait) }

// Acknowledged returns how many of them have.
func (c *Checkpoint) Acknowledged() int { return c.acknowledged }

// Outstanding yields the attempts that have not, in the order of the plan.
func (c *Checkpoint) Outstanding() iter.Seq[task.ExecutionAttempt] {
	return func(yield func(task.ExecutionAttempt) bool) {
		for _, e := range c.plan.Wait {
			if s := c.slot(e.Attempt); s != nil && !s.acknowledged && !yield(e.Attempt) {
				return
			}
		}
	}
}

// Snapshots yields what subtasks have reported, for whoever has to discard it. They
// are still there after Dispose.
func (c *Checkpoint) Snapshots() iter.Seq2[task.ExecutionAttempt, *task.Snapshot] {
	return func(yield func(task.ExecutionAttempt, *task.Snapshot) bool) {
		for _, e := range c.plan.Wait {
			if s := c.slot(e.Attempt); s != nil && s.snapshot != nil && !yield(e.Attempt, s.snapshot) {
				return
			}
		}
	}
}

// FullyAcknowledged reports whether all have answered, and it was not disposed of.
func (c *Checkpoint) FullyAcknowledged() bool {
	return !c.disposed && c.acknowledged == len(c.plan.Wait) && c.others == 0
}

// Dispose ends it: answers are [Discarded] from now on.
func (c *Checkpoint) Dispose() { c.disposed = true }

// Disposed reports whether it was disposed of.
func (c *Checkpoint) Disposed() bool { return c.disposed }
