package simulation

import "time"

// danger is how often processes die, stop, or are replaced; each is a probability.
type danger struct {
	tasks   float64 // a task dies at a request
	leaders float64 // a leader dies at a request
	freezes float64 // it freezes instead
	doubles float64 // one that lives is replaced

	finishes float64 // a source comes to its end
}

func (w *world) drawDanger() danger {
	level := []float64{0, 1, 1, 2}[w.random.IntN(4)]
	return danger{
		tasks: level * 0.2 * w.random.Float64(), leaders: min(level*0.8*w.random.Float64(), 0.9),
		freezes: 0.2 + 0.6*w.random.Float64(), doubles: level * 0.3 * w.random.Float64(),
		finishes: max(0, w.random.Float64()-0.6),
	}
}

// Fate is what happens to one leader, counted from 1, at one of its requests to the
// disk, counted from 1.
type Fate struct {
	Leader, Request int
	Freeze          time.Duration // how long it stops; 0 if it dies
	Arrives         bool          // the request does, before it stops
}

// fateOf returns the doom of a leader: one that is given, or drawn.
func (w *world) fateOf(leader int) doom {
	for _, f := range w.fates {
		if f.Leader == leader && !w.calming {
			return doom{request: f.Request, freeze: f.Freeze, arrives: f.Arrives}
		}
	}
	if len(w.fates) > 0 {
		return doom{}
	}
	return w.danger.leader(w)
}

// leader draws the doom of a leader: at which of its requests.
func (d danger) leader(w *world) doom {
	if !w.chance(d.leaders) {
		return doom{}
	}
	most := 20 + w.random.IntN(100) // sometimes soon, while it takes over
	fate := doom{request: 1 + w.random.IntN(most), arrives: w.chance(0.5)}
	if w.chance(d.freezes) {
		fate.freeze = w.between(time.Second, 60*time.Second)
	}
	return fate
}
