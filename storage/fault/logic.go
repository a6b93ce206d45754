package fault

import (
	"math/rand/v2"

	"github.com/cairnstate/cairn/storage/internal/around"
)

// And holds where all places hold. They are asked in order, and no more after one
// that does not hold, so what counts counts what is left of those before it.
func And(places ...Where) Where {
	if len(places) == 1 {
		return places[0]
	}
	return all(places)
}

// Or holds where one of the places holds. All are asked.
func Or(places ...Where) Where {
	if len(places) == 1 {
		return places[0]
	}
	return some(places)
}

// Not holds where the place does not.
func Not(place Where) Where { return not{place} }

type (
	all  []Where
	some []Where
	not  struct{ place Where }
)

func (a all) String() string  { return join(a, " & ") }
func (s some) String() string { return join(s, " | ") }
func (n not) String() string  { return "!" + enclosed(n.place) }

// enclosed puts what is composed into parentheses, though they might not be needed.
func enclosed(place Where) string {
	switch place.(type) {
	case all, some:
		return "(" + place.String() + ")"
	}
	return place.String()
}

func (a all) names(key string) bool {
	for _, place := range a {
		if !place.names(key) {
			return false
		}
	}
	return true
}

func (s some) names(key string) bool {
	for _, place := range s {
		if place.names(key) {
			return true
		}
	}
	return false
}

// A place that does not depend on the key may be about any key, and so may its
// opposite.
func (n not) names(key string) bool { return !n.place.names(key) || n.place.names("") }

func (a all) start(random *rand.Rand) func(*around.Call) bool {
	parts := startAll(a, random)
	return func(c *around.Call) bool {
		for _, holds := range parts {
			if !holds(c) {
				return false
			}
		}
		return true
	}
}

func (s some) start(random *rand.Rand) func(*around.Call) bool {
	parts := startAll(s, random)
	return func(c *around.Call) bool {
		one := false
		for _, holds := range parts {
			one = holds(c) || one
		}
		return one
	}
}

func (n not) start(random *rand.Rand) func(*around.Call) bool {
	holds := n.place.start(random)
	return func(c *around.Call) bool { return !holds(c) }
}

func startAll(places []Where, random *rand.Rand) []func(*around.Call) bool {
	parts := make([]func(*around.Call) bool, len(places))
	for i, place := range places {
		parts[i] = place.start(random)
	}
	return parts
}
