package simulation

import (
	"strings"
	"time"

	"github.com/cairnstate/cairn/coordinator/sweep"
)

// sweep clears away what leaders before have left, before the job begins or beside it.
// What cannot be swept is left to the next start.
func (l *leader) sweep() {
	w := l.world
	if w.seams.NoSweep {
		return
	}
	if w.chance(0.5) {
		l.swept(sweep.Sweep(l.ctx, l.access, l.journal, l.logger(), nil))
		return
	}
	facts, err := sweep.Look(l.ctx, l.access, l.journal, nil)
	var plan *sweep.Plan
	if err == nil {
		plan, err = sweep.Decide(facts)
	}
	if err != nil {
		l.swept(err)
		return
	}
	w.story.note(w.now, l.process, []byte(strings.ReplaceAll(plan.String(), "\n", "; ")+"\n"))
	l.spawn(w.between(0, 3*time.Second), "sweeps", "", func() { l.swept(plan.Carry(l.ctx, l.access, l.journal.Ended)) })
}

// swept is the end of a sweep, which must be a good one when nothing fails.
func (l *leader) swept(err error) {
	w := l.world
	switch {
	case err == nil || l.dead:
	case w.calming:
		w.violated(Progress, "%s cannot sweep, and nothing fails: %v", l.name, err)
	default:
		w.story.fails(w.now, l.process, "has not swept:", err)
	}
}
