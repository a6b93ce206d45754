package fault

import (
	"fmt"
	"iter"
	"regexp"
	"sync"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/around"
)

// Site is a call that a scenario made.
type Site struct {
	Op    Op
	Key   string // empty for a whole batch
	N     int    // it was the nth call of this op on this key; the first is 1
	OfOp  int    // it was the nth call of this op
	Bytes int64  // that it moved
}

// Record runs the scenario over b without faults, and returns the calls that it
// made, in their order. A batch deletion is a site for the whole, and one for the
// key in its middle. The error is the scenario's.
func Record(b backend.Backend, scenario func(backend.Backend) error) ([]Site, error) {
	r := &recorder{count: make(map[string]int)}
	err := scenario(around.Wrap(b, r.around))
	return r.sites, err
}

type recorder struct {
	mu    sync.Mutex
	sites []Site         // guarded by mu
	count map[string]int // guarded by mu
}

func (r *recorder) around(c *around.Call, do func() error) error {
	keys := c.Keys
	err := do()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count[string(c.Op)]++
	r.add(c, c.Key)
	if len(keys) > 1 {
		r.add(c, keys[len(keys)/2])
	}
	return err
}

func (r *recorder) add(c *around.Call, key string) {
	both := fmt.Sprintf("%s %q", c.Op, key)
	r.count[both]++
	r.sites = append(r.sites, Site{Op: c.Op, Key: key, N: r.count[both], OfOp: r.count[string(c.Op)], Bytes: c.N})
}

// Where is the site in a run that makes the same calls on each key, in whatever
// order it comes to the keys.
func (s Site) Where() Where {
	if s.Key == "" {
		return s.Ordinal()
	}
	return And(isOp(s.Op), Key("^"+regexp.QuoteMeta(s.Key)+"$"), Nth(s.N))
}

// Ordinal is the site in a run that makes the same calls in the same order, with
// whatever keys.
func (s Site) Ordinal() Where { return And(isOp(s.Op), Nth(s.OfOp)) }

// meets says whether the effect means anything here: of nothing there is no half.
func (s Site) meets(e Effect) bool {
	if e.action == truncate || e.action == corrupt || e.action == short {
		return e.HappensTo(s.Op) && s.Bytes > 0
	}
	if e.action != kill && e.kind == Full {
		return s.Op.Changes()
	}
	return e.HappensTo(s.Op)
}

// Enumerate yields a plan for each effect at each site that it can happen at: one
// fault each. [Effects] are all of them.
func Enumerate(sites []Site, effects []Effect) iter.Seq2[Site, *Plan] {
	return func(yield func(Site, *Plan) bool) {
		for _, site := range sites {
			for _, effect := range effects {
				if site.meets(effect) && !yield(site, At(site.Where(), effect)) {
					return
				}
			}
		}
	}
}
