package coordinator_test

import (
	"context"
	"slices"
	"testing"

	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
)

// claimant is a store that remembers what an earlier coordinator claimed.
type claimant struct{ completed.Store }

func (claimant) Claimed() []string { return []string{"mem://jobs/other/chk-3"} }

// What a claimed snapshot shared may become unused long after the snapshot is gone, and
// the coordinator that claimed it: whoever deletes must still know where it may.
func TestClaimsOfEarlierCoordinatorsAreRemembered(t *testing.T) {
	var garbage []coordinator.Garbage
	onStage(t, script{options: func(o *coordinator.Options) {
		o.Store = claimant{o.Store}
		o.Discard = func(_ context.Context, g coordinator.Garbage) error {
			garbage = append(garbage, g)
			return nil
		}
	}}, func(_ *testing.T, s *stage) {
		for id := int64(1); id <= 2; id++ {
			p := s.TriggerCheckpoint(coordinator.Configured)
			s.take()
			s.acknowledgeAll(id)
			s.kept(p, id)
		}
	})
	if len(garbage) == 0 || !slices.Equal(garbage[0].Claimed, claimant{}.Claimed()) {
		t.Errorf("garbage is %+v", garbage)
	}
}
