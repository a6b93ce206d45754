package fault

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"

	"github.com/cairnstate/cairn/storage/internal/around"
)

// Where is a place in a run, as package documentation tells. It is a value: what it
// counts is counted anew by each [Wrap]. String gives the text that [Parse] reads.
type Where interface {
	String() string

	// start returns the place for one run: whether it is here, for calls that come one
	// by one.
	start(*rand.Rand) func(*around.Call) bool
	// names says whether the place may be about the key, whatever else it asks.
	names(key string) bool
}

// Any is every call.
func Any() Where { return always{} }

// On is each call of one of the ops.
func On(ops ...Op) Where {
	places := make([]Where, len(ops))
	for i, op := range ops {
		places[i] = isOp(op)
	}
	return Or(places...)
}

// Key is each call about a key that the regular expression matches somewhere; it
// panics if that is none. Exactly one key is "^" + regexp.QuoteMeta(key) + "$".
func Key(pattern string) Where { return isKey{regexp.MustCompile(pattern)} }

// Nth is the nth call that it is asked about; the first is 1.
func Nth(n int) Where { return nth(n) }

// Every is each nth call that it is asked about.
func Every(n int) Where { return every(n) }

// After is what follows the first n bytes of a reader, a writer, a download or an
// upload. A call across the border is cut in two there.
func After(n int64) Where { return after(n) }

// Chance is this part of the calls, between 0 and 1, by the seed of the plan.
func Chance(part float64) Where { return chance(part) }

type (
	always struct{}
	isOp   Op
	isKey  struct{ re *regexp.Regexp }
	nth    int
	every  int
	after  int64
	chance float64
)

func (always) String() string  { return "any" }
func (o isOp) String() string  { return string(o) }
func (k isKey) String() string { return "key(" + strconv.Quote(k.re.String()) + ")" }
func (n nth) String() string   { return fmt.Sprintf("nth(%d)", int(n)) }
func (n every) String() string { return fmt.Sprintf("every(%d)", int(n)) }
func (n after) String() string { return fmt.Sprintf("after(%d)", int64(n)) }
func (p chance) String() string {
	return "chance(" + strconv.FormatFloat(float64(p), 'f', -1, 64) + ")"
}

func (always) names(string) bool    { return true }
func (isOp) names(string) bool      { return true }
func (k isKey) names(s string) bool { return k.re.MatchString(s) }
func (nth) names(string) bool       { return true }
func (every) names(string) bool     { return true }
func (after) names(string) bool     { return true }
func (chance) names(string) bool    { return true }

func (always) start(*rand.Rand) func(*around.Call) bool {
	return func(*around.Call) bool { return true }
}

func (o isOp) start(*rand.Rand) func(*around.Call) bool {
	return func(c *around.Call) bool { return c.Op == Op(o) }
}

func (k isKey) start(*rand.Rand) func(*around.Call) bool {
	return func(c *around.Call) bool {
		for key := range c.EachKey {
			if k.re.MatchString(key) {
				return true
			}
		}
		return false
	}
}

func (n nth) start(*rand.Rand) func(*around.Call) bool {
	asked := 0
	return func(*around.Call) bool { asked++; return asked == int(n) }
}

func (n every) start(*rand.Rand) func(*around.Call) bool {
	asked := 0
	return func(*around.Call) bool { asked++; return asked%int(n) == 0 }
}

func (n after) start(*rand.Rand) func(*around.Call) bool {
	return func(c *around.Call) bool { return moves(c.Op) && c.Offset >= int64(n) }
}

func (p chance) start(random *rand.Rand) func(*around.Call) bool {
	return func(*around.Call) bool { return random.Float64() < float64(p) }
}

// moves says whether the call moves bytes of a stream, a download or an upload.
func moves(op Op) bool { return fills(op) || op == Write || op == Receive }

// fills says whether the call fills the bytes that it is given.
func fills(op Op) bool { return op == Read || op == Send }

func join(places []Where, by string) string {
	texts := make([]string, len(places))
	for i, place := range places {
		texts[i] = enclosed(place)
	}
	return strings.Join(texts, by)
}
