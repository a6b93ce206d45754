package faults_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/cairnstate/cairn/internal/scenario"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/retry"
	"github.com/cairnstate/cairn/storage/stack"
)

var errKilled = errors.New("the process was killed")

// service is a store behind HTTP.
type service struct {
	name     string
	protocol protocol
	endpoint string
	base     string                                         // with a place for the number of the case
	large    int                                            // more than goes with one request
	open     func(endpoint string) (backend.Backend, error) // is patient, but not for long
	secrets  []string
	// unfinished returns how many uploads the paths were begun with and left, and
	// aborts them.
	unfinished func(ctx context.Context, paths []string) (int, error)

	// forgiven, if not nil, says what need not be survived because of the server.
	forgiven func(request, kind) bool

	sound   backend.Backend // straight to the store
	places  atomic.Int64    // each play has its own
	cases   atomic.Int64
	left    atomic.Int64 // uploads
	orphans atomic.Int64
}

// run tries all kinds of faults at all requests of all plays.
func (s *service) run(t *testing.T) {
	t.Parallel()
	var err error
	if s.sound, err = s.open(s.endpoint); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.sound.Close() })
	sites := 0
	for _, play := range scenario.Plays() {
		recorded := s.record(t, play)
		sites += len(recorded)
		var group errgroup.Group
		group.SetLimit(16)
		for _, site := range recorded {
			for _, k := range s.kinds() {
				if k.deed == truncate && !site.body || k.stays == namely && site.n > 1 {
					continue
				}
				group.Go(func() error {
					if err := s.try(t.Context(), play, site, k); err != nil {
						t.Errorf("%s, %s, %s: %v", play.Name, site, k.name, err)
					}
					return nil
				})
			}
		}
		_ = group.Wait()
	}
	t.Logf("%d cases: %d kinds of faults at %d requests of %d plays on %s; left to sweep: %d uploads, %d shared files",
		s.cases.Load(), len(s.kinds()), sites, len(scenario.Plays()), s.name, s.left.Load(), s.orphans.Load())
	if n := s.cases.Load(); n < 100 {
		t.Errorf("only %d cases", n)
	}
}

// kinds are the core ones, or all if the environment asks for them.
func (s *service) kinds() []kind {
	if os.Getenv("CAIRN_FAULTS") == "all" {
		return kinds()
	}
	return core()
}

// place returns a place of its own for each case.
func (s *service) place(number int64, open func() (backend.Backend, error)) scenario.Place {
	at := place(open)
	at.Base, at.Large = fmt.Sprintf(s.base, number), s.large
	return at
}

// direct is the place as who comes later finds it.
func (s *service) direct(number int64) scenario.Place {
	return s.place(number, func() (backend.Backend, error) { return lasting{backend.Through{Backend: s.sound}}, nil })
}

// lasting is a backend that more than one has.
type lasting struct{ backend.Through }

func (lasting) Close() error { return nil }

// through is the place through a proxy, with the stack of wrappers.
func (s *service) through(number int64, b *breaker) scenario.Place {
	options := &retry.Options{Attempts: 3, FirstPause: time.Millisecond, LongestPause: 4 * time.Millisecond}
	if b.kind.name == "stall" {
		options.Progress = stalled / 3
	}
	return s.place(number, func() (backend.Backend, error) {
		opened, err := s.open(b.server.URL)
		if err != nil {
			return nil, err
		}
		return stack.Wrap(opened, s.name, &stack.Options{Retry: options})
	})
}

// record returns the requests of an undisturbed play.
func (s *service) record(t *testing.T, play scenario.Play) []request {
	t.Helper()
	b := newBreaker(s.protocol, s.url(t), request{}, kind{})
	defer b.close()
	number := s.places.Add(1)
	ledger, err := play.Prepare(t.Context(), s.direct(number))
	if err == nil {
		err = play.Perform(t.Context(), s.through(number, b), ledger)
	}
	if err == nil {
		_, err = scenario.Judge(t.Context(), s.direct(number), ledger, scenario.Excuse{})
	}
	if err != nil {
		t.Fatalf("undisturbed, %s: %v", play.Name, err)
	}
	return b.sites()
}

func (s *service) url(t *testing.T) *url.URL {
	t.Helper()
	at, err := url.Parse(s.endpoint)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// try plays with the fault, and judges.
func (s *service) try(ctx context.Context, play scenario.Play, site request, k kind) error {
	target, err := url.Parse(s.endpoint)
	if err != nil {
		return err
	}
	b := newBreaker(s.protocol, target, site, k)
	defer b.close()
	number := s.places.Add(1)
	s.cases.Add(1)
	ledger, err := play.Prepare(ctx, s.direct(number))
	if err != nil {
		return err
	}
	playing, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	b.giveUp = giveUp
	told := play.Perform(playing, s.through(number, b), ledger)
	excuse := scenario.Excuse{Killed: k.kills, Orphans: k.stays != once || k.deed == stall}
	orphans, judged := scenario.Judge(ctx, s.direct(number), ledger, excuse)
	s.orphans.Add(int64(orphans))
	if err := errors.Join(s.fired(b), s.heard(told, site, k), judged, s.sweep(ctx, b)); err != nil {
		return fmt.Errorf("%w (the play said: %w)", err, orNothing(told))
	}
	return nil
}

func (s *service) fired(b *breaker) error {
	if !b.wasFired() {
		return errors.New("the fault never happened")
	}
	return nil
}

// heard judges what the play said.
func (s *service) heard(told error, site request, k kind) error {
	if told != nil && k.passes && (s.forgiven == nil || !s.forgiven(site, k)) {
		return errors.New("what passes was not survived")
	}
	if told != nil {
		return scenario.CheckError(told, s.secrets...)
	}
	return nil
}

// sweep aborts what uploads are left, as a lifecycle rule of the bucket does, and
// complains of those that should not be: the process lived, and knew of them.
func (s *service) sweep(ctx context.Context, b *breaker) error {
	left, err := s.unfinished(ctx, b.begun)
	s.left.Add(int64(left))
	unheard := b.site.name == beginUpload && b.kind.deed != reset && b.kind.deed != answer
	if left > 0 && b.kind.stays == once && !unheard {
		err = errors.Join(err, fmt.Errorf("%d unfinished uploads are left", left))
	}
	return err
}
