package verdict

import (
	"errors"
	"fmt"

	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/restore"
)

// Of returns what cairn makes of a case. The error says that it is none: that its
// vertices are no job.
func Of(c *Case) ([]string, error) {
	j, err := job.New(c.Vertices...)
	if err != nil {
		return nil, err
	}
	valid, err := restore.Validate(&c.Checkpoint.Metadata, j, c.AllowNonRestored)
	if err != nil {
		return refused("validate", err), nil
	}
	operators := valid.Metadata.Operators
	if err := restore.CheckFinished(j, operators); err != nil {
		return refused("check finished", err), nil
	}
	a, err := restore.Assign(c.Checkpoint.CheckpointID, j, operators,
		&restore.Options{
			AllowNonRestored: c.AllowNonRestored, RecoverOutputDownstream: c.RecoverOutputDownstream, Peculiarities: c.Peculiarities,
		})
	if err != nil {
		return refused("assign", err), nil
	}
	var l lines
	for i := range a.Vertices {
		l.vertex(i, &a.Vertices[i])
	}
	return l, nil
}

// refused tells the kind of the first refusal: Flink ends with the first.
func refused(step string, err error) []string {
	if refusal, ok := errors.AsType[*restore.Refusal](err); ok {
		return []string{fmt.Sprintf("refused to %s: %s", step, refusal.Kind)}
	}
	return []string{fmt.Sprintf("refused to %s: accident: %s", step, err)}
}

type lines []string

func (l *lines) vertex(index int, v *restore.VertexAssignment) {
	if !v.Restored {
		*l = append(*l, fmt.Sprintf("%d: not restored", index))
		return
	}
	for task := range v.Subtasks() {
		l.subtask(fmt.Sprintf("%d/%d", index, task.Subtask), v.MaxParallelism, &task)
	}
}

func (l *lines) subtask(where string, maxParallelism int32, task *restore.TaskRestore) {
	if task.FinishedOnRestore {
		*l = append(*l, where+": finished on restore")
		return
	}
	*l = append(*l, fmt.Sprintf("%s: restored, max parallelism %d", where, maxParallelism))
	for i := range task.Operators {
		op := &task.Operators[i]
		l.operator(fmt.Sprintf("%s %s ", where, op.ID), op)
	}
}

func (l *lines) operator(where string, op *restore.OperatorRestore) {
	l.add(where+"managed operator state", operatorStates(op.ManagedOperatorState))
	l.add(where+"raw operator state", operatorStates(op.RawOperatorState))
	l.add(where+"managed keyed state", keyedAll(op.ManagedKeyedState))
	l.add(where+"raw keyed state", keyedAll(op.RawKeyedState))
	l.add(where+"input channels", channels(op.InputChannels))
	l.add(where+"result subpartitions", channels(op.ResultSubpartitions))
	l.add(where+"input rescaling", descriptor(op.InputRescaling))
	l.add(where+"output rescaling", descriptor(op.OutputRescaling))
	l.add(where+"upstream output buffers", sortedChannels(op.UpstreamOutputBuffers))
}

func (l *lines) add(what, value string) {
	if value != "" {
		*l = append(*l, what+": "+value)
	}
}
