package metadata

import "github.com/cairnstate/cairn/checkpoint"

// identities are the ids of the operators that were written, and where. They are held
// of files that a program made: no restore would find state under an id that was
// forgotten, and of two operators of one id it would lose one. What was read is
// written again whatever it says; then there are none.
type identities map[checkpoint.OperatorID]int

func (e *encoder) identities(n int) identities {
	if !e.made {
		return nil
	}
	return make(identities, n)
}

func (ids identities) add(e *encoder, i int, op *checkpoint.OperatorState) {
	if ids == nil {
		return
	}
	if op.UID != "" && op.ID == (checkpoint.OperatorID{}) {
		e.fail("uid %q, but no id: set ID to checkpoint.OperatorIDFromUID(%[1]q)", op.UID)
	}
	if first, twice := ids[op.ID]; twice {
		e.fail("operator %d has the same id, and a restore would lose one of them", first+1)
	}
	ids[op.ID] = i
}
