package simulation

import "time"

// weather is how often things go wrong; each is a probability.
type weather struct {
	requestLost float64 // a request does not arrive, and fails
	answerLost  float64 // it has its effect, and fails
	requestLate float64 // it fails, and has its effect after that
	cutOff      float64 // nothing that a process asks for seconds is answered
	slow        float64 // requests and messages that take seconds

	messageLost  float64
	messageTwice float64
	taskFails    float64 // in writing, by itself
	declines     float64
}

// calm weather has no faults at all.
var calm weather

// storm draws the weather of a run.
func (w *world) storm() weather {
	level := []float64{0, 0.3, 1, 3}[w.random.IntN(4)]
	draw := func(most float64) float64 { return level * most * w.random.Float64() }
	if w.seams.Rough {
		return weather{cutOff: 0.02}
	}
	return weather{
		requestLost: draw(0.02), answerLost: draw(0.02), requestLate: draw(0.02), slow: draw(0.03), cutOff: draw(0.002),
		messageLost: draw(0.04), messageTwice: draw(0.05), taskFails: draw(0.02), declines: draw(0.02),
	}
}

// post sends a message, which arrives late, twice or not at all, and overtakes others.
// handle is called in a goroutine of the receiver.
func (w *world) post(from, to *process, what, about string, handle func()) {
	if from.dead || w.chance(w.weather.messageLost) {
		w.story.tell(w.now, from, "sends in vain", what+" "+about)
		return
	}
	w.deliver(to, what, about, handle)
	if w.chance(w.weather.messageTwice) {
		w.deliver(to, what, about+" (again)", handle)
	}
}

func (w *world) deliver(to *process, what, about string, handle func()) {
	delay := w.between(0, 10*time.Millisecond)
	if w.chance(w.weather.slow) {
		delay = w.between(0, 5*time.Second)
	}
	to.spawn(delay, what, about, handle)
}
