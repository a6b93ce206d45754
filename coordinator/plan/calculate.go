package plan

import (
	"fmt"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/task"
)

// Calculate makes the plan of a checkpoint (Flink: DefaultCheckpointPlanCalculator).
// The current attempts are by vertex of the job, then by subtask. If there can be no
// checkpoint now, the error is a [*checkpoint.Failure] of the reason
// [checkpoint.NotAllRequiredTasksRunning], which names a task that stands in the way.
func Calculate(j *job.Job, current [][]Execution, afterTasksFinish bool) (*Plan, error) {
	c := calculator{job: j, current: current, plan: &Plan{MayHaveFinished: afterTasksFinish}}
	if err := c.check(afterTasksFinish); err != nil {
		return nil, err
	}
	if err := c.makeLists(); err != nil {
		return nil, err
	}
	for vertex := range j.Len() {
		c.vertex(vertex)
	}
	c.plan.Commit = c.plan.Wait
	return c.plan, nil
}

// makeLists makes room for what was counted, which may be very many.
func (c *calculator) makeLists() error {
	tasks, running := 0, 0
	for i := range c.current {
		tasks += len(c.current[i])
		running += c.running[i]
	}
	if running == 0 {
		return refuse("all tasks of the job have finished")
	}
	c.plan.Wait = make([]Execution, 0, running)
	if tasks > running {
		c.plan.Finished = make([]Execution, 0, tasks-running)
	}
	return nil
}

type calculator struct {
	job     *job.Job
	current [][]Execution
	running []int // by vertex: how many subtasks have not finished
	plan    *Plan
}

// check refuses what is not there or does not run, and counts what has finished.
func (c *calculator) check(afterTasksFinish bool) error {
	if len(c.current) != c.job.Len() {
		return refuse("%d of the job's %d vertices are deployed", len(c.current), c.job.Len())
	}
	c.running = make([]int, len(c.current))
	for i, v := range c.job.Vertices() {
		if len(c.current[i]) != int(v.Parallelism) {
			return refuse("vertex %s has %d attempts for %d subtasks", label(v), len(c.current[i]), v.Parallelism)
		}
		for subtask := range c.current[i] {
			if err := c.subtask(i, v, subtask, afterTasksFinish); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *calculator) subtask(i int, v *job.Vertex, subtask int, afterTasksFinish bool) error {
	switch state := c.current[i][subtask].State; {
	case state == task.Running:
		c.running[i]++
		return nil
	case state == "":
		return refuse("subtask %d of vertex %s has no attempt", subtask, label(v))
	case state != task.Finished:
		return refuse("subtask %d of vertex %s is %s", subtask, label(v), state)
	case !afterTasksFinish:
		return refuse("subtask %d of vertex %s has finished, and checkpoints after tasks finish are switched off", subtask, label(v))
	}
	return nil
}

// vertex adds the subtasks of a vertex to the plan.
func (c *calculator) vertex(vertex int) {
	current := c.current[vertex]
	if c.running[vertex] == 0 {
		c.plan.FullyFinished = append(c.plan.FullyFinished, vertex)
		c.plan.Finished = append(c.plan.Finished, current...)
		return
	}
	fed := c.allFed(vertex)
	for subtask, execution := range current {
		if execution.State == task.Finished {
			c.plan.Finished = append(c.plan.Finished, execution)
			continue
		}
		c.plan.Wait = append(c.plan.Wait, execution)
		if !fed && !c.fed(vertex, subtask) {
			c.plan.Trigger = append(c.plan.Trigger, execution)
		}
	}
}

// allFed reports whether each subtask of a vertex gets barriers over some edge. It
// spares asking for each, which would take the square of the parallelism.
func (c *calculator) allFed(vertex int) bool {
	for _, in := range c.job.Vertex(vertex).Inputs {
		running := c.running[in.From]
		if running == len(c.current[in.From]) || running > 0 && in.Pattern == job.AllToAll {
			return true
		}
	}
	return false
}

// fed reports whether a subtask gets barriers over some pointwise edge.
func (c *calculator) fed(vertex, subtask int) bool {
	consumers := len(c.current[vertex])
	for _, in := range c.job.Vertex(vertex).Inputs {
		if in.Pattern != job.Pointwise {
			continue // nobody above it runs: allFed
		}
		producers := c.current[in.From]
		first, last := Feeders(subtask, len(producers), consumers)
		if slices.ContainsFunc(producers[first:last+1], running) {
			return true
		}
	}
	return false
}

func running(e Execution) bool { return e.State == task.Running }

// Feeders returns the first and the last of the producing subtasks that a subtask is
// connected with over a pointwise edge (Flink: VertexInputInfoComputationUtils).
func Feeders(subtask, producers, consumers int) (first, last int) {
	first = subtask * producers / consumers
	return first, max(first, (subtask+1)*producers/consumers-1)
}

func refuse(format string, args ...any) error {
	return &checkpoint.Failure{Reason: checkpoint.NotAllRequiredTasksRunning, Cause: fmt.Errorf(format, args...)}
}

func label(v *job.Vertex) string {
	if v.Name != "" {
		return v.Name
	}
	return v.ID.String()
}
