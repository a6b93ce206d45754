package simulation

import (
	"fmt"
	"slices"
	"time"
)

// Invariant is what must hold in every run, whatever happens in it.
type Invariant string

// The invariants. What they mean to a job is in the comment of the package.
const (
	Whole       Invariant = "a completed checkpoint is whole"
	UniqueIDs   Invariant = "ids never repeat"
	OneWinner   Invariant = "at most one winner per id"
	Referenced  Invariant = "nothing referenced is deleted"
	Latest      Invariant = "restore gives the latest completed checkpoint"
	Told        Invariant = "who is told that a checkpoint is complete can rely on it"
	NoOrphans   Invariant = "no orphan is left when all is swept"
	InOrder     Invariant = "who is asked for a checkpoint is asked in order"
	Progress    Invariant = "when nothing fails any more, checkpoints complete"
	Terminating Invariant = "a run ends"
)

// Violation is an invariant that did not hold.
type Violation struct {
	Invariant Invariant
	At        time.Duration // since the beginning of the run
	Detail    string
}

// Error says which, when and how.
func (v *Violation) Error() string {
	return fmt.Sprintf("%s: after %s: %s", v.Invariant, v.At, v.Detail)
}

// violated ends the run. Only the first counts: what comes after it may follow from it.
func (w *world) violated(i Invariant, format string, args ...any) {
	if w.wrong != nil || slices.Contains(w.seams.Unseen, i) {
		return
	}
	w.wrong = &Violation{Invariant: i, At: w.now, Detail: fmt.Sprintf(format, args...)}
	w.story.tell(w.now, nil, "VIOLATION:", w.wrong.Error())
}
