package limit

import (
	"errors"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/around"
)

// budgets holds the budget of each prefix that was used lately.
type budgets struct {
	budget Budget

	mu       sync.Mutex
	prefixes map[string]*prefix // guarded by mu
}

// prefix is one prefix of keys.
type prefix struct {
	reads, writes *adaptive
}

// remembered is how many prefixes are held until those that nobody uses are dropped.
const remembered = 1024

func newBudgets(budget Budget) *budgets {
	return &budgets{budget: budget, prefixes: make(map[string]*prefix)}
}

// spend waits until the prefixes of the call's keys bear n requests more, or one for
// each key of a batch.
func (b *budgets) spend(c *around.Call, n int) error {
	if n == 0 {
		return nil
	}
	for name, keys := range b.load(c, n) {
		if err := b.of(name).part(c.Op).spend(c, keys, name); err != nil {
			return err
		}
	}
	return nil
}

// load returns the requests of a call by prefix.
func (b *budgets) load(c *around.Call, n int) map[string]int {
	if c.Op != around.DeleteAll {
		return map[string]int{b.prefixOf(changed(c)): n}
	}
	load := make(map[string]int)
	for _, key := range c.Keys {
		load[b.prefixOf(key)]++
	}
	return load
}

// changed is the key that the call is about: of a copy the one that is made.
func changed(c *around.Call) string {
	if c.Op == around.Copy {
		return c.To
	}
	return c.Key
}

// learn makes the budgets of the call's keys smaller if the store asks for it.
func (b *budgets) learn(c *around.Call, err error) {
	if !errors.Is(err, backend.ErrThrottled) {
		return
	}
	for name := range b.load(c, 1) {
		b.of(name).part(c.Op).halve()
	}
}

func (b *budgets) prefixOf(key string) string {
	elements := strings.SplitN(key, "/", b.budget.Elements+1)
	return strings.Join(elements[:min(b.budget.Elements, len(elements))], "/")
}

func (b *budgets) of(name string) *prefix {
	b.mu.Lock()
	defer b.mu.Unlock()
	p, ok := b.prefixes[name]
	if !ok {
		if len(b.prefixes) >= remembered {
			b.forget(time.Now())
		}
		p = &prefix{newAdaptive(b.budget.Reads), newAdaptive(b.budget.Writes)}
		b.prefixes[name] = p
	}
	return p
}

// forget drops the prefixes that are as good as new. The caller holds mu.
func (b *budgets) forget(now time.Time) {
	for name, p := range b.prefixes {
		if p.reads.fresh(now) && p.writes.fresh(now) {
			delete(b.prefixes, name)
		}
	}
}

func (p *prefix) part(op around.Op) *adaptive {
	if op.Changes() {
		return p.writes
	}
	return p.reads
}

// adaptive is a rate that the store has a say in.
type adaptive struct {
	most    float64
	limiter *rate.Limiter

	mu      sync.Mutex
	now     float64   // guarded by mu; the rate, when it was changed last
	changed time.Time // guarded by mu
}

func newAdaptive(most float64) *adaptive {
	return &adaptive{most: most, limiter: rate.NewLimiter(rate.Limit(most), burst(most)), now: most, changed: time.Now()}
}

// burst is a tenth of a second's worth: with a second's worth saved up, a budget would
// be spent twice in the first second.
func burst(perSecond float64) int { return max(1, int(perSecond/10)) }

// atLeast is the part of the whole below which a rate does not fall: a store that
// asks for less is one to wait for, and not to give up on.
const atLeast = 0.01

// halve halves the rate, but not twice for what was sent at the same time.
func (a *adaptive) halve() {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	if a.now < a.most && now.Sub(a.changed) < 100*time.Millisecond {
		return
	}
	a.set(max(a.most*atLeast, a.grown(now)/2), now)
}

// grown is the rate as it is by now. The caller holds mu.
func (a *adaptive) grown(now time.Time) float64 {
	return min(a.most, a.now+a.most/10*now.Sub(a.changed).Seconds())
}

func (a *adaptive) set(perSecond float64, now time.Time) {
	a.now, a.changed = perSecond, now
	a.limiter.SetLimitAt(now, rate.Limit(perSecond))
	a.limiter.SetBurstAt(now, burst(perSecond))
}

// spend waits until n more may be asked. The rate grows in steps of a tenth second.
func (a *adaptive) spend(c *around.Call, n int, name string) error {
	a.mu.Lock()
	if now := time.Now(); a.now < a.most && now.Sub(a.changed) >= 100*time.Millisecond {
		a.set(a.grown(now), now)
	}
	a.mu.Unlock()
	return spend(c, a.limiter, n, "requests per second of prefix \""+name+"\"")
}

func (a *adaptive) fresh(now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.grown(now) >= a.most && a.limiter.TokensAt(now) >= float64(a.limiter.Burst())
}
