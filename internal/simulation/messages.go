package simulation

import (
	"slices"
	"strconv"

	"github.com/cairnstate/cairn/checkpoint"
)

// acknowledged is what a subtask says about its part, before any message is sent.
func (h *history) acknowledged(s *subtask, id int64, state *checkpoint.OperatorSubtaskState) {
	if h.claims[id] == nil {
		h.claims[id] = make(map[string][]string)
	}
	h.claims[id][subtaskName(checkpoint.OperatorID(s.attempt.Vertex), s.attempt.Subtask)] = filesOf(state)
}

// barrier is a leader that triggers a checkpoint.
func (h *history) barrier(l *leader, id int64) {
	if l.dead {
		return // in a dream
	}
	if owner := h.owners[id]; owner != nil && owner != l.process {
		h.world.violated(UniqueIDs, "%s triggers checkpoint %d, which %s had triggered", l.name, id, owner.name)
	}
	h.owners[id] = l.process
	if !l.split.asked[id] || !l.hook.triggered[id] {
		h.world.violated(InOrder, "%s sends barriers of checkpoint %d before the coordinators of operators and the hooks have saved theirs", l.name, id)
	}
}

// notified is a leader that tells a task that a checkpoint is complete. Of a savepoint
// that is so when it is published, and from then on it is the user's.
func (h *history) notified(l *leader, id int64) {
	if l.dead || h.ever[id] {
		return
	}
	for _, n := range h.names {
		if n.id == id && n.job == h.world.jobID && n.savepoint && !n.gone {
			h.give(n)
			h.checkWhole(n)
			return
		}
	}
	h.world.violated(Told, "%s tells tasks that checkpoint %d is complete, which never counted", l.name, id)
}

// notifiedAborted is a leader that tells a task that a checkpoint will not be.
func (h *history) notifiedAborted(l *leader, id int64) {
	if slices.ContainsFunc(h.retained, func(n *named) bool { return n.id == id }) && !l.dead {
		h.world.story.tell(h.world.now, l.process, "tells that a checkpoint is aborted, which counts:", strconv.FormatInt(id, 10))
	}
}
