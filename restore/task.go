package restore

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

// task is a vertex while its state is being assigned (Flink: TaskStateAssignment).
type task struct {
	index          int
	vertex         *job.Vertex
	maxParallelism int32
	states         []operatorTask // by operator, head first

	collected bool // some operator has an entry for some subtask, be it empty
	finished  bool // all operators are fully finished
	restored  bool

	inputGates  map[int]bool // gates with data in flight before the head
	outputParts map[int]bool // partitions with data in flight behind the tail

	// What is known of how subtasks were mapped, by gate and by partition.
	inputMappings  []*Mapping
	outputMappings []*Mapping

	inputs  channelTable
	outputs channelTable
	input   []gateMappings
	output  []gateMappings
	buffers [][]*checkpoint.SingleChannelStateHandle
}

// operatorTask is one operator of a task.
type operatorTask struct {
	op  *checkpoint.OperatorState                // nil if the checkpoint has none
	old []*checkpoint.OperatorSubtaskState       // by old subtask
	in  [][]*checkpoint.SingleChannelStateHandle // by old subtask, nil if there is none at all
	out [][]*checkpoint.SingleChannelStateHandle

	assigned OperatorAssignment
}

func newTask(index int, v *job.Vertex, outputs int) *task {
	return &task{
		index:          index,
		vertex:         v,
		maxParallelism: v.MaxParallelism,
		states:         make([]operatorTask, len(v.Operators)),
		inputMappings:  make([]*Mapping, len(v.Inputs)),
		outputMappings: make([]*Mapping, outputs),
	}
}

func newOperatorTask(op *checkpoint.OperatorState) operatorTask {
	t := operatorTask{op: op}
	if op == nil {
		return t
	}
	t.old = make([]*checkpoint.OperatorSubtaskState, op.Parallelism)
	for i := range op.Subtasks {
		t.old[op.Subtasks[i].Index] = op.Subtasks[i].State
	}
	return t
}

// classify finds out what there is to do for the task.
func (t *task) classify() error {
	finished := 0
	for i := range t.states {
		if op := t.states[i].op; op != nil {
			t.collected = t.collected || len(op.Subtasks) > 0
			if op.FullyFinished {
				finished++
			}
		}
	}
	if finished > 0 && finished < len(t.states) {
		return refuseFinished(t.vertex, fmt.Sprintf("%d of its %d operators had finished", finished, len(t.states)))
	}
	t.finished = finished > 0
	return t.findChannels()
}

// head is the operator that reads the task's input.
func (t *task) head() *operatorTask { return &t.states[0] }

// tail is the operator that writes the task's output.
func (t *task) tail() *operatorTask { return &t.states[len(t.states)-1] }

// oldParallelism is that of the snapshot, or the vertex's if there is none.
func (t *task) oldParallelism(o *operatorTask) int32 {
	if o.op == nil {
		return t.vertex.Parallelism
	}
	return o.op.Parallelism
}

func (o *operatorTask) distribute(maxParallelism, parallelism int32) {
	o.assigned.managedOperator = distributeOperator(o.old, managedOperator, parallelism)
	o.assigned.rawOperator = distributeOperator(o.old, rawOperator, parallelism)
	o.assigned.managedKeyed = distributeKeyed(o.old, managedKeyed, maxParallelism, parallelism)
	o.assigned.rawKeyed = distributeKeyed(o.old, rawKeyed, maxParallelism, parallelism)
}

func (t *task) assignment(checkpointID int64) VertexAssignment {
	v := VertexAssignment{
		Vertex:            t.vertex,
		Parallelism:       t.vertex.Parallelism,
		MaxParallelism:    t.maxParallelism,
		Restored:          t.restored || t.finished,
		FinishedOnRestore: t.finished,
		checkpointID:      checkpointID,
		input:             t.input,
		output:            t.output,
		inputs:            t.inputs,
		outputs:           t.outputs,
		buffers:           t.buffers,
	}
	for i := range t.states {
		assigned := t.states[i].assigned
		assigned.Operator = &t.vertex.Operators[i]
		assigned.State = t.states[i].op
		v.Operators = append(v.Operators, assigned)
	}
	return v
}
