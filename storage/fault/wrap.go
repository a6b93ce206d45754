package fault

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/around"
)

// Backend is a backend with faults. It is safe for use by many goroutines at once;
// which of them meets a fault that counts is then up to them.
type Backend struct {
	*around.Backend
	run *run
}

// Wrap returns b with the faults of the plan, of which none has happened yet.
// Closing it closes b.
func Wrap(b backend.Backend, plan *Plan) *Backend {
	r := newRun(plan)
	return &Backend{around.Wrap(b, r.around), r}
}

// Fired returns how often each fault of the plan has happened.
func (b *Backend) Fired() []int {
	b.run.mu.Lock()
	defer b.run.mu.Unlock()
	return slices.Clone(b.run.fired)
}

// Killed says whether the process died.
func (b *Backend) Killed() bool {
	b.run.mu.Lock()
	defer b.run.mu.Unlock()
	return b.run.dead
}

// VerifyFired returns an error that names the faults that never happened, or nil.
func (b *Backend) VerifyFired() error {
	var never []string
	for i, count := range b.Fired() {
		if count == 0 {
			never = append(never, b.run.faults[i].String())
		}
	}
	if never == nil {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrNeverFired, strings.Join(never, "; "))
}

// ErrNeverFired says that a fault never happened, so what was seen proves nothing.
var ErrNeverFired = errors.New("a fault never happened")

// TB is what [Guard] needs of a testing.TB.
type TB interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
}

// Guard fails the test at its end if a fault of b never happened.
func Guard(t TB, b *Backend) *Backend {
	t.Cleanup(func() {
		t.Helper()
		if err := b.VerifyFired(); err != nil {
			t.Errorf("%v", err)
		}
	})
	return b
}

// run is a plan that is under way.
type run struct {
	faults  []Fault
	borders []int64 // of all After, ascending

	mu     sync.Mutex
	random *rand.Rand                // guarded by mu
	here   []func(*around.Call) bool // guarded by mu; of each fault
	fired  []int                     // guarded by mu
	dead   bool                      // guarded by mu
}

func newRun(plan *Plan) *run {
	r := &run{random: rand.New(rand.NewPCG(plan.Seed, 0)), fired: make([]int, len(plan.Faults))}
	for i, fault := range plan.Faults {
		r.faults = append(r.faults, fault)
		r.here = append(r.here, fault.Where.start(rand.New(rand.NewPCG(plan.Seed, uint64(i+1)))))
		r.borders = append(r.borders, borders(fault.Where)...)
	}
	slices.Sort(r.borders)
	return r
}

// borders returns the bytes at which a place begins.
func borders(place Where) (at []int64) {
	switch place := place.(type) {
	case after:
		return []int64{int64(place)}
	case not:
		return borders(place.place)
	case all:
		for _, part := range place {
			at = append(at, borders(part)...)
		}
	case some:
		for _, part := range place {
			at = append(at, borders(part)...)
		}
	}
	return at
}
