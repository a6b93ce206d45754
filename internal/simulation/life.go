package simulation

import (
	"fmt"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/request"
)

// asked is a promise that somebody waits for.
type asked struct {
	of      *leader
	what    string
	promise *request.Promise
}

// watchful is how often the world looks at who leads.
const watchful = 500 * time.Millisecond

// live plans what people and machines do to the job while it runs: elections, and
// requests of people.
func (w *world) live() {
	w.after(watchful, nil, "watches", "", func() {
		w.watchLeader()
		w.askSometimes()
		w.keepPromises()
		if !w.calming && !w.over {
			w.live()
		}
	})
}

// watchLeader replaces a leader that is not heard of, or for no good reason.
func (w *world) watchLeader() {
	l := w.leading()
	switch {
	case l == nil || l.ended:
	case l.frozen > w.now && w.chance(0.2):
		w.elect(l.name + " is not heard of")
	case w.chance(w.danger.doubles / 20):
		w.elect("a mistake: " + l.name + " leads")
	}
}

// askSometimes is a user.
func (w *world) askSometimes() {
	l := w.leading()
	if l == nil || l.ended || l.frozen > w.now || l.coordinator == nil || !w.chance(0.03) {
		return
	}
	l.spawn(0, "is asked by a user", "", func() {
		a := asked{of: l}
		switch w.random.IntN(5) {
		case 0:
			a.what, a.promise = "a checkpoint", l.coordinator.TriggerCheckpoint(coordinator.CheckpointKind(w.random.IntN(3)))
		case 1:
			a.what, a.promise = "a native savepoint", l.coordinator.TriggerSavepoint("", checkpoint.Native)
		case 2:
			a.what, a.promise = "a savepoint to stop with", l.coordinator.StopWithSavepoint("", checkpoint.Canonical, w.chance(0.5))
		default:
			a.what, a.promise = "a savepoint", l.coordinator.TriggerSavepoint("", checkpoint.Canonical)
		}
		w.asked = append(w.asked, a)
	})
}

// keepPromises looks at what was promised.
func (w *world) keepPromises() {
	var waiting []asked
	for _, a := range w.asked {
		select {
		case <-a.promise.Done():
			w.promiseKept(a)
		default:
			waiting = append(waiting, a)
		}
	}
	w.asked = waiting
}

func (w *world) promiseKept(a asked) {
	cp, err := a.promise.Result()
	if err != nil {
		w.story.fails(w.now, a.of.process, "was asked for "+a.what+", and has not got it:", err)
		return
	}
	w.story.tell(w.now, a.of.process, "was asked for "+a.what+":", fmt.Sprint(cp.ID))
	w.history.promise(a.of, cp)
}

// promise is kept: a savepoint is the user's from now on, and a checkpoint counts.
func (h *history) promise(l *leader, cp *completed.Checkpoint) {
	if !cp.Properties.Type.Savepoint {
		if !h.ever[cp.ID] {
			h.world.violated(Told, "%s promised checkpoint %d, which never counted", l.name, cp.ID)
		}
		return
	}
	n := h.names[keyOf(cp.Location.MetadataPath())]
	if n == nil || n.gone {
		h.world.violated(Told, "%s promised savepoint %d, which is not there", l.name, cp.ID)
		return
	}
	h.give(n)
	h.checkWhole(n)
}

// leave makes what stays after the end of the job the user's.
func (h *history) leave(checkpoints []*completed.Checkpoint, status completed.JobStatus) {
	if !status.GloballyTerminal() {
		return
	}
	_, stay := completed.ToDiscard(checkpoints, status)
	for _, cp := range stay {
		if n := h.names[keyOf(cp.Location.MetadataPath())]; n != nil && !n.gone {
			h.give(n)
		}
	}
}
