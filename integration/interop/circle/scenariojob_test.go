//go:build interop

package circle

import (
	"context"
	"fmt"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/plan"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/task"
)

func (s *scenario) makeJob() {
	s.t.Helper()
	vertices := make([]job.Vertex, 1+s.rng.IntN(4))
	for i := range vertices {
		v := &vertices[i]
		v.Parallelism = int32(1 + s.rng.IntN(4))
		v.MaxParallelism = v.Parallelism + int32(s.rng.IntN(125))
		for o := range 1 + s.rng.IntN(3) {
			id := checkpoint.OperatorIDFromUID(fmt.Sprintf("%d of %d", o, i))
			v.Operators = append(v.Operators, job.Operator{ID: id, Name: s.states.Label(), UID: s.states.Label()})
		}
		if i > 0 && s.chance(0.7) {
			v.Inputs = []job.Input{{From: s.rng.IntN(i)}}
		}
	}
	numberOutputs(vertices)
	var err error
	if s.job, err = job.New(vertices...); err != nil {
		s.t.Fatal(err)
	}
	s.deploy()
}

// numberOutputs gives each edge a partition of its producer.
func numberOutputs(vertices []job.Vertex) {
	outputs := make([]int, len(vertices))
	for i := range vertices {
		for e := range vertices[i].Inputs {
			in := &vertices[i].Inputs[e]
			in.Output = outputs[in.From]
			outputs[in.From]++
		}
	}
}

// deploy has all tasks run, but for some that have finished: where records begin, and
// where all that sent any has finished.
func (s *scenario) deploy() {
	done := make([]bool, s.job.Len())
	running := 0
	for i, v := range s.job.Vertices() {
		mayFinish := len(v.Inputs) == 0 || done[v.Inputs[0].From]
		var executions []plan.Execution
		finished := 0
		for n := range v.Parallelism {
			e := plan.Execution{
				Attempt: task.ExecutionAttempt{Vertex: v.ID, Subtask: n}, State: task.Running, Gateway: gate{s, len(s.current), n},
			}
			if mayFinish && s.chance(0.15) && (i+1 < s.job.Len() || running > 0) {
				e.State = task.Finished
				finished++
			}
			executions = append(executions, e)
		}
		done[i] = finished == len(executions)
		running += len(executions) - finished
		s.current = append(s.current, executions)
	}
	if running == 0 {
		s.current[0][0].State = task.Running
	}
}

// partlyFinished reports whether a part of some vertex is at its end: has finished, or
// else only waits for the checkpoint.
func (s *scenario) partlyFinished() bool {
	return slices.ContainsFunc(s.current, func(executions []plan.Execution) bool {
		finished, closing := 0, 0
		for _, e := range executions {
			switch {
			case e.State == task.Finished:
				finished++
			case s.snapshot(e.Attempt).TaskFinished:
				closing++
			}
		}
		return 0 < finished && finished < len(executions) || 0 < closing && closing < len(executions)
	})
}

// gate is the gateway of a subtask. Whichever is told of a checkpoint first, all
// answer.
type gate struct {
	s       *scenario
	vertex  int
	subtask int32
}

func (g gate) TriggerCheckpoint(_ context.Context, b task.Barrier) error {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	if g.s.begun < b.CheckpointID {
		g.s.begun = b.CheckpointID
		go g.s.answerAll(b.CheckpointID)
	}
	return nil
}

func (g gate) NotifyCheckpointComplete(context.Context, task.Completed) error { return nil }

func (g gate) NotifyCheckpointAborted(context.Context, task.Aborted) error { return nil }
