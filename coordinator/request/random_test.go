package request_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/cairnstate/cairn/coordinator/request"
)

func randomRequest(r *rand.Rand, ms int) *request.Request {
	makers := []func(int) *request.Request{tick, byUser, savepoint, forcedSave, func(ms int) *request.Request {
		properties := checkpoints
		properties.Forced = true
		return request.New(properties, "", at(ms))
	}}
	return makers[r.IntN(len(makers))](ms)
}

// rank tells a request's class, best first.
func rank(r *request.Request) int {
	rank := 0
	for i, worse := range []bool{r.Periodic, !r.Properties.Forced, !r.Properties.Type.Savepoint} {
		if worse {
			rank |= 1 << i
		}
	}
	return rank
}

// However requests come, they leave by class, then by age, then as they came.
func TestOrder(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		d, want := request.NewDecider(1, 0), []*request.Request(nil)
		for range 1 + r.IntN(60) {
			next := randomRequest(r, r.IntN(5)) // many of the same time
			want = append(want, next)
			nothing(t, d.Submit(next, request.Situation{Triggering: true}))
		}
		slices.SortStableFunc(want, func(a, b *request.Request) int {
			if rank(a) != rank(b) {
				return rank(a) - rank(b)
			}
			return a.At.Compare(b.At)
		})
		if got := d.Drain(); !slices.Equal(got, want) {
			t.Fatalf("seed %d: another order", seed)
		}
	}
}

// A coordinator that does what it is told, with checkpoints that take their time. No
// request waits for ever: once no more come, each is triggered or refused. No more are
// pending than may be, unless forced; and no tick begins within a pause.
func TestNobodyStarves(t *testing.T) {
	for seed := range uint64(60) {
		newPlay(seed).run(t)
	}
}

// play is a coordinator without anything around it.
type play struct {
	seed          uint64
	random        *rand.Rand
	maxConcurrent int
	minPause      time.Duration
	decider       *request.Decider
	situation     request.Situation
	asked, ended  map[*request.Request]bool
}

func newPlay(seed uint64) *play {
	r := rand.New(rand.NewPCG(seed, 2))
	p := &play{seed: seed, random: r, maxConcurrent: 1 + r.IntN(3), minPause: time.Duration(r.IntN(3)) * 20 * time.Millisecond}
	p.decider = request.NewDecider(p.maxConcurrent, p.minPause)
	p.asked, p.ended = map[*request.Request]bool{}, map[*request.Request]bool{}
	return p
}

func (p *play) run(t *testing.T) {
	t.Helper()
	for ms := 0; ms < 5000; ms++ {
		p.situation.Now = at(ms)
		if ms < 3000 && p.random.IntN(3) == 0 {
			next := randomRequest(p.random, ms)
			p.asked[next] = true
			p.carryOut(t, p.decider.Submit(next, p.situation))
		}
		p.proceed()
		p.carryOut(t, p.decider.Next(p.situation))
	}
	// The last of the timer's may be left: a tick that does not come any more would
	// have asked again.
	for p.decider.Len() > 0 {
		p.situation = request.Situation{Now: p.situation.Now.Add(time.Second)}
		decision := p.decider.Next(p.situation)
		if decision.Chosen == nil {
			t.Fatalf("seed %d: %d starve", p.seed, p.decider.Len())
		}
		p.ended[decision.Chosen] = true
	}
	if len(p.ended) != len(p.asked) {
		t.Fatalf("seed %d: %d asked, %d heard", p.seed, len(p.asked), len(p.ended))
	}
}

// proceed lets what is under way come to an end, by chance.
func (p *play) proceed() {
	s := &p.situation
	if s.Triggering && p.random.IntN(2) == 0 {
		s.Triggering = false
		s.Pending++
	} else if s.Pending > 0 && p.random.IntN(3) == 0 {
		s.Pending--
		s.LastCompletion = s.Now
		s.Cleaning++
	}
	if s.Cleaning > 0 && p.random.IntN(2) == 0 {
		s.Cleaning--
	}
}

func (p *play) carryOut(t *testing.T, d request.Decision) {
	t.Helper()
	for _, f := range d.Failed {
		p.end(t, f.Request)
	}
	r := d.Chosen
	if r == nil {
		return
	}
	p.end(t, r)
	s := p.situation
	switch {
	case s.Triggering:
		t.Fatalf("seed %d: two at once", p.seed)
	case s.Pending >= p.maxConcurrent && !r.Properties.Forced:
		t.Fatalf("seed %d: %d pending, and another that is not forced", p.seed, s.Pending)
	case r.Periodic && !s.LastCompletion.IsZero() && s.Now.Sub(s.LastCompletion) < p.minPause:
		t.Fatalf("seed %d: the timer's, %s after the last", p.seed, s.Now.Sub(s.LastCompletion))
	}
	p.situation.Triggering = true
}

func (p *play) end(t *testing.T, r *request.Request) {
	t.Helper()
	if p.ended[r] || !p.asked[r] {
		t.Fatalf("seed %d: a request is answered twice, or was never made", p.seed)
	}
	p.ended[r] = true
}
