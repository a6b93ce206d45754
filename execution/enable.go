package execution

import (
	"errors"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/masterhook"
	"github.com/cairnstate/cairn/coordinator/operator"
	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/storage"
)

// Checkpointing is what a job's coordinator works with, beside the job's settings.
type Checkpointing struct {
	// Storage is where checkpoints are found that were written before, and Access
	// where new ones go. The caller closes the storage after the job has ended.
	Storage storage.CheckpointStorage
	Access  *storage.CheckpointStorageAccess

	// Options are the coordinator's: its store, its counter. The graph decides some of
	// them, and does not look at what is there: the clock and the executor, and of
	// Options.Checkpointing all but Metadata, Version and Random.
	Options coordinator.Options

	// Hooks and Operators take part in each checkpoint.
	Hooks     []masterhook.Hook
	Operators []OperatorCoordinator
}

// OperatorCoordinator is the part of an operator that runs once. The graph starts it
// with the job, and closes it at the end.
type OperatorCoordinator struct {
	Operator    checkpoint.OperatorID // generated id
	Coordinator operator.Coordinator
}

// EnableCheckpointing makes the coordinator of the job, as its settings say (Flink:
// DefaultExecutionGraph.enableCheckpointing). From now on it is told by the status of
// the job when to take periodic checkpoints, and is shut down with the job. It can be
// done once, before the job starts.
func (g *Graph) EnableCheckpointing(settings checkpointing.JobSettings, c Checkpointing) error {
	if g.Status() != Created || g.checkpoints != nil {
		return errors.New("execution: checkpoints can be enabled once, before the job starts")
	}
	if err := g.checkSettings(settings); err != nil {
		return err
	}
	made, err := coordinator.New(g.job, c.Storage, g.coordinatorOptions(settings, c))
	if err != nil {
		return err
	}
	if err := g.takePart(made, c); err != nil {
		return err
	}
	g.coordinator = made
	g.attach(made, settings.Coordinator.Periodic())
	return nil
}

// attach lets the status of the job start and stop the periodic checkpoints (Flink:
// CheckpointCoordinatorDeActivator).
func (g *Graph) attach(c checkpoints, periodic bool) {
	g.checkpoints, g.periodic = c, periodic
	if !periodic {
		return
	}
	g.AddListener(func(status JobStatus, _ error) {
		if status == Running {
			g.startScheduler()
		} else {
			c.StopCheckpointScheduler()
		}
	})
}

func (g *Graph) startScheduler() {
	if err := g.checkpoints.StartCheckpointScheduler(); err != nil {
		g.log.WarnContext(g.ctx, "periodic checkpoints not started", "error", err)
	}
}

// checkSettings refuses settings of another job.
func (g *Graph) checkSettings(s checkpointing.JobSettings) error {
	for _, ids := range [][]checkpoint.JobVertexID{s.Trigger, s.Acknowledge, s.Confirm} {
		for _, id := range ids {
			if _, there := g.index[id]; !there {
				return fmt.Errorf("execution: the settings of checkpoints refer to vertex %s, which the job does not have", id)
			}
		}
	}
	return nil
}

func (g *Graph) coordinatorOptions(settings checkpointing.JobSettings, c Checkpointing) *coordinator.Options {
	opts := c.Options
	var taken coordinator.Checkpointing
	if opts.Checkpointing != nil {
		taken = *opts.Checkpointing
	}
	taken.Job, taken.Config, taken.Storage = g.jobID, settings.Coordinator, c.Access
	taken.Executions, taken.FailJob = g, g.FailGlobal
	opts.Checkpointing = &taken
	opts.Clock, opts.Executor = g.clock, g.given // of its own goroutines it waits for the end
	if opts.Logger == nil {
		opts.Logger = g.log
	}
	return &opts
}

// takePart adds who takes part in each checkpoint, in the order given.
func (g *Graph) takePart(made *coordinator.Coordinator, c Checkpointing) error {
	for _, hook := range c.Hooks {
		if err := made.AddMasterHook(hook); err != nil {
			return err
		}
	}
	for _, oc := range c.Operators {
		holder := operator.New(oc.Operator, oc.Coordinator, &operator.Options{
			Executor: g.executor, FailSubtask: g.FailTask, FailJob: g.FailGlobal,
		})
		if err := made.AddOperatorCoordinator(oc.Operator, holder); err != nil {
			return err
		}
		vertex, _ := g.job.VertexOf(oc.Operator)
		g.holders[vertex] = append(g.holders[vertex], holder)
	}
	return nil
}
