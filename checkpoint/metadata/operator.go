package metadata

import (
	"github.com/cairnstate/cairn/checkpoint"
)

// The record of an operator:
//
//	utf name, utf uid         from version 5 on; "" for none
//	16 bytes id               in the order of its hex digits
//	i32 parallelism
//	i32 max parallelism
//	i32 1                     only in version 2: once the length of the chain
//	coordinator state         not in version 2: a stream handle, none or inline
//	i32 n, subtasks           not in version 2: n < 0 says that all had finished

const (
	operatorBytes   = 29 // of the shortest record, in any version
	legacyChainSize = 1
	fullyFinished   = -1 // in place of the number of subtasks
)

func (d *decoder) operators() []checkpoint.OperatorState {
	ops := d.mem.operators.slice(d, d.count("operators", operatorBytes))
	for i := range d.each("operator", len(ops)) {
		d.operator(&ops[i])
	}
	return ops
}

func (e *encoder) operators(ops []checkpoint.OperatorState) {
	e.count(len(ops))
	ids := e.identities(len(ops))
	for i := range e.each("operator", len(ops)) {
		e.here().id = &ops[i].ID
		ids.add(e, i, &ops[i])
		e.operator(&ops[i])
	}
}

func (d *decoder) operator(op *checkpoint.OperatorState) {
	if d.version >= Version5 {
		op.Name, op.UID = d.utf(), d.utf()
	}
	if copy(op.ID[:], d.bytes(len(op.ID))) == len(op.ID) {
		d.here().id = &op.ID
	}
	op.Parallelism, op.MaxParallelism = d.i32(), d.i32()
	if op.Parallelism > op.MaxParallelism {
		d.off -= 8
		d.corrupt("parallelism %d is above max parallelism %d", op.Parallelism, op.MaxParallelism)
	}
	if d.version == Version2 {
		d.i32() // the chain length, which Flink ignores too
	} else {
		op.Coordinator = d.coordinator()
	}
	d.subtasks(op)
}

func (e *encoder) operator(op *checkpoint.OperatorState) {
	if e.version >= Version5 {
		e.utf(op.Name)
		e.utf(op.UID)
	}
	e.id(op.ID)
	if op.Parallelism > op.MaxParallelism {
		e.fail("parallelism %d is above max parallelism %d, which is the number of key groups: set MaxParallelism, "+
			"to checkpoint.DefaultMaxParallelism(%[1]d) if nobody chose one", op.Parallelism, op.MaxParallelism)
	}
	e.i32(op.Parallelism)
	e.i32(op.MaxParallelism)
	switch {
	case e.version > Version2:
		e.coordinator(op.Coordinator)
	case op.Coordinator != nil:
		e.fail("version 2 has no coordinator state")
	default:
		e.i32(legacyChainSize)
	}
	e.subtasks(op)
}

func (d *decoder) coordinator() *checkpoint.ByteStreamStateHandle {
	d.enter("coordinator state")
	defer d.leave()
	switch h := d.stream().(type) {
	case nil:
		return nil
	case *checkpoint.ByteStreamStateHandle:
		return h
	default:
		d.corrupt("it is a %T, and can only be inline", h)
		return nil
	}
}

func (e *encoder) coordinator(h *checkpoint.ByteStreamStateHandle) {
	if h == nil {
		e.tag(tagNull)
		return
	}
	e.enter("coordinator state")
	e.stream(h)
	e.leave()
}

func (d *decoder) subtasks(op *checkpoint.OperatorState) {
	if n := d.peekI32(); n < 0 && d.version > Version2 {
		d.i32()
		op.FullyFinished = true
		if op.Coordinator != nil {
			d.corrupt("all subtasks had finished, and yet there is coordinator state")
		}
		return
	}
	op.Subtasks = d.mem.subtasks.slice(d, d.count("subtasks", d.subtaskBytes()))
	for i := range d.each("subtask", len(op.Subtasks)) {
		d.subtask(&op.Subtasks[i], op.Parallelism)
	}
}

func (e *encoder) subtasks(op *checkpoint.OperatorState) {
	if op.FullyFinished {
		if e.version == Version2 || op.Coordinator != nil || len(op.Subtasks) > 0 {
			e.fail("all subtasks had finished: version 2 cannot say so, and there can be no state beside it")
		}
		e.i32(fullyFinished)
		return
	}
	e.count(len(op.Subtasks))
	for i := range e.each("subtask", len(op.Subtasks)) {
		e.subtask(&op.Subtasks[i], op.Parallelism)
		e.flush(pieceBytes)
	}
}
