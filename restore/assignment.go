package restore

import (
	"iter"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

// Assignment is who gets what: the decision of Assign. It is immutable and safe
// for concurrent use; slices and handles that it gives out are shared between
// subtasks and must not be changed.
type Assignment struct {
	CheckpointID int64

	// Vertices has one element for each vertex of the job, in the job's order.
	Vertices []VertexAssignment

	// NotRestored is what the checkpoint has and no subtask gets.
	NotRestored []NotRestored
}

// VertexAssignment is the state of one vertex.
type VertexAssignment struct {
	Vertex *job.Vertex

	// Parallelism is the number of subtasks.
	Parallelism int32

	// MaxParallelism is the number of key groups from here on: the checkpoint's
	// where the job leaves it open.
	MaxParallelism int32

	// Restored reports whether the subtasks are told that they are restored.
	// Those of a vertex for which the checkpoint has nothing start afresh.
	Restored bool

	// FinishedOnRestore reports that all subtasks had finished, and are to
	// finish at once.
	FinishedOnRestore bool

	// Operators in the order of the vertex: head first.
	Operators []OperatorAssignment

	checkpointID int64
	input        []gateMappings // by gate; nil if nothing is rescaled
	output       []gateMappings // by result partition; nil if nothing is rescaled
	inputs       channelTable
	outputs      channelTable
	buffers      [][]*checkpoint.SingleChannelStateHandle // by subtask, see Options.RecoverOutputDownstream
}

// OperatorAssignment is the state of one operator.
type OperatorAssignment struct {
	Operator *job.Operator

	// State is what the checkpoint has for the operator; nil if nothing.
	State *checkpoint.OperatorState

	managedOperator operatorTable
	rawOperator     operatorTable
	managedKeyed    keyedTable
	rawKeyed        keyedTable
}

// TaskRestore is what one subtask starts from (Flink: JobManagerTaskRestore).
type TaskRestore struct {
	CheckpointID int64
	Subtask      int32

	// KeyGroups is the range that the subtask owns.
	KeyGroups checkpoint.KeyGroupRange

	// Restored and FinishedOnRestore are those of the vertex.
	Restored          bool
	FinishedOnRestore bool

	// Operators has one element for each operator of the chain, head first.
	Operators []OperatorRestore
}

// OperatorRestore is what one subtask of one operator starts from (Flink:
// OperatorSubtaskState, which a task sees as PrioritizedOperatorSubtaskState).
type OperatorRestore struct {
	ID checkpoint.OperatorID // generated id

	ManagedOperatorState OperatorStateHandles
	RawOperatorState     OperatorStateHandles
	ManagedKeyedState    []checkpoint.KeyedStateHandle
	RawKeyedState        []checkpoint.KeyedStateHandle

	// In-flight data. Only the head has input, only the tail has output.
	InputChannels       ChannelHandles
	ResultSubpartitions ChannelHandles

	// UpstreamOutputBuffers is what the producers had in their output buffers
	// for this subtask, with Options.RecoverOutputDownstream.
	UpstreamOutputBuffers ChannelHandles

	InputRescaling  RescalingDescriptor // by input gate
	OutputRescaling RescalingDescriptor // by result partition
}

// KeyGroups returns the key groups that a subtask owns.
func (v *VertexAssignment) KeyGroups(subtask int32) checkpoint.KeyGroupRange {
	return checkpoint.KeyGroupRangeForSubtask(subtask, v.MaxParallelism, v.Parallelism)
}

// Subtask returns what a subtask starts from, 0 to Parallelism-1.
func (v *VertexAssignment) Subtask(subtask int32) TaskRestore {
	return v.fill(subtask, make([]OperatorRestore, len(v.Operators)))
}

// Subtasks returns what each subtask starts from, in order. A job of many subtasks
// would make much garbage; so all of them share one slice of Operators, which is
// the subtask's until the next one comes. Who keeps it clones it, or calls Subtask.
func (v *VertexAssignment) Subtasks() iter.Seq[TaskRestore] {
	return func(yield func(TaskRestore) bool) {
		operators := make([]OperatorRestore, len(v.Operators))
		for i := range v.Parallelism {
			if !yield(v.fill(i, operators)) {
				return
			}
		}
	}
}

// fill has the operators become those of a subtask.
func (v *VertexAssignment) fill(subtask int32, operators []OperatorRestore) TaskRestore {
	task := TaskRestore{
		CheckpointID:      v.checkpointID,
		Subtask:           subtask,
		KeyGroups:         v.KeyGroups(subtask),
		Restored:          v.Restored,
		FinishedOnRestore: v.FinishedOnRestore,
		Operators:         operators,
	}
	for i := range v.Operators {
		operators[i] = v.Operators[i].at(subtask)
	}
	if v.Restored && !v.FinishedOnRestore {
		v.addChannels(&task)
	}
	return task
}

func (o *OperatorAssignment) at(subtask int32) OperatorRestore {
	return OperatorRestore{
		ID:                   o.Operator.ID,
		ManagedOperatorState: o.managedOperator.at(subtask),
		RawOperatorState:     o.rawOperator.at(subtask),
		ManagedKeyedState:    o.managedKeyed.at(subtask),
		RawKeyedState:        o.rawKeyed.at(subtask),
	}
}

func (v *VertexAssignment) addChannels(task *TaskRestore) {
	head, tail := &task.Operators[0], &task.Operators[len(task.Operators)-1]
	head.InputChannels = v.inputs.at(task.Subtask)
	tail.ResultSubpartitions = v.outputs.at(task.Subtask)
	head.InputRescaling = describe(v.input, task.Subtask)
	tail.OutputRescaling = describe(v.output, task.Subtask)
	if v.buffers != nil {
		head.UpstreamOutputBuffers = channelHandles(v.buffers[task.Subtask])
	}
}

// HasState reports whether the subtask gets any state (Flink:
// OperatorSubtaskState.hasState).
func (o *OperatorRestore) HasState() bool {
	return o.ManagedOperatorState.Len() > 0 || o.RawOperatorState.Len() > 0 ||
		len(o.ManagedKeyedState) > 0 || len(o.RawKeyedState) > 0 ||
		o.InputChannels.Len() > 0 || o.ResultSubpartitions.Len() > 0 || o.UpstreamOutputBuffers.Len() > 0
}
