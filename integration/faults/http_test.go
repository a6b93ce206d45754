package faults_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/cairnstate/cairn/internal/scenario"
	"github.com/cairnstate/cairn/storage/backend"
)

var errKilled = errors.New("the process was killed")

// service is a store behind HTTP.
type service struct {
	name     string
	protocol protocol
	endpoint string
	base     string                                         // with a place for the number of the case
	large    int                                            // bytes; more than goes with one request
	open     func(endpoint string) (backend.Backend, error) // is patient, but not for long
	secrets  []string
	// unfinished returns how many uploads the paths were begun with and left, and
	// aborts them.
	unfinished func(ctx context.Context, paths []string) (int, error)

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
	sites, kinds, scenes := 0, 0, s.scenes()
	for _, play := range scenes {
		recorded := s.record(t, play)
		sites, kinds = sites+len(recorded), max(kinds, len(play.kinds))
		var group errgroup.Group
		group.SetLimit(16)
		for _, site := range recorded {
			for _, k := range play.kinds {
				if !s.meets(site, k) {
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
		s.cases.Load(), kinds, sites, len(scenes), s.name, s.left.Load(), s.orphans.Load())
	if n := s.cases.Load(); n < 100 {
		t.Errorf("only %d cases", n)
	}
}

// meets says whether the kind means something at the site: of nothing there is no half,
// and not every answer can hold an error.
func (s *service) meets(site request, k kind) bool {
	inside := k.deed == within || k.deed == withinAfter
	return (k.deed != truncate || site.body) && (k.stays != namely || site.n == 1) && (!inside || s.protocol.mixed(site.name))
}

// record returns the requests of an undisturbed play.
func (s *service) record(t *testing.T, play scene) []request {
	t.Helper()
	b, err := s.newBreaker(request{}, kind{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.close()
	on := s.stage(play)
	ledger, err := play.Prepare(t.Context(), on.direct())
	if err == nil {
		err = play.Perform(t.Context(), on.through(b), ledger)
	}
	if err == nil {
		_, err = scenario.Judge(t.Context(), on.direct(), ledger, scenario.Excuse{})
	}
	if err != nil {
		t.Fatalf("undisturbed, %s: %v", play.Name, err)
	}
	return b.sites()
}

func (s *service) newBreaker(site request, k kind) (*breaker, error) {
	target, err := url.Parse(s.endpoint)
	if err != nil {
		return nil, err
	}
	return newBreaker(s.protocol, target, s.sound.Delete, site, k), nil
}

// try plays with the fault, and judges.
func (s *service) try(ctx context.Context, play scene, site request, k kind) error {
	b, err := s.newBreaker(site, k)
	if err != nil {
		return err
	}
	defer b.close()
	on := s.stage(play)
	s.cases.Add(1)
	ledger, err := play.Prepare(ctx, on.direct())
	if err != nil {
		return err
	}
	playing, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	b.giveUp = giveUp
	told := play.Perform(playing, on.through(b), ledger)
	excuse := scenario.Excuse{Killed: k.kills, Orphans: k.stays != once || k.deed == stall}
	orphans, judged := scenario.Judge(ctx, on.direct(), ledger, excuse)
	s.orphans.Add(int64(orphans))
	if err := errors.Join(s.fired(b), s.heard(told, k), judged, s.sweep(ctx, b)); err != nil {
		return fmt.Errorf("%w (the play said: %w)", err, orNothing(told))
	}
	return nil
}

func (s *service) fired(b *breaker) error {
	if fired, err := b.end(); !fired || err != nil {
		return errors.Join(errors.New("the fault never happened"), err)
	}
	return nil
}

// heard judges what the play said.
func (s *service) heard(told error, k kind) error {
	if told != nil && k.passes {
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
