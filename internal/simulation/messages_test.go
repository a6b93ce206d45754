package simulation

import "testing"

// What no seam can break is broken by hand.
func TestMessagesAreJudged(t *testing.T) {
	for name, c := range map[string]struct {
		message func(h *history, l, other *leader)
		want    Invariant
	}{
		"barrier before the hooks": {func(h *history, l, _ *leader) {
			l.split.asked[3] = true
			h.barrier(l, 3)
		}, InOrder},
		"barrier before the coordinators": {func(h *history, l, _ *leader) {
			l.hook.triggered[3] = true
			h.barrier(l, 3)
		}, InOrder},
		"one id twice": {func(h *history, l, other *leader) {
			h.barrier(l, 4)
			h.barrier(other, 4)
		}, UniqueIDs},
		"complete, and never counted": {func(h *history, l, _ *leader) { h.notified(l, 5) }, Told},
		"nothing": {func(h *history, l, _ *leader) {
			h.barrier(l, 4)
			h.ever[5] = true
			h.notified(l, 5)
			l.dead = true
			h.notified(l, 6) // in a dream
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(1, Options{})
			c.message(w.history, w.leaderThatAsks(4), w.leaderThatAsks(4))
			switch {
			case w.wrong == nil && c.want != "":
				t.Errorf("nothing is wrong, want %s", c.want)
			case w.wrong != nil && w.wrong.Invariant != c.want:
				t.Errorf("wrong is %v, want %q", w.wrong, c.want)
			}
		})
	}
}

// leaderThatAsks has asked everybody for one checkpoint.
func (w *world) leaderThatAsks(id int64) *leader {
	l := &leader{process: w.newProcess("leader")}
	l.split = &split{of: l, asked: map[int64]bool{id: true}}
	l.hook = &hook{of: l, triggered: map[int64]bool{id: true}}
	return l
}
