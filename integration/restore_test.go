package integration_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/coordinator"
)

// TestPlaces runs what must be the same in every place. The stores are started
// and filled once for all of it.
func TestPlaces(t *testing.T) {
	all := places(t)
	t.Run("state", func(t *testing.T) { testState(t, all) })
	t.Run("restore", func(t *testing.T) { testRestore(t, all) })
	t.Run("refusals", func(t *testing.T) { testRefusals(t, all) })
}

// scenario is a way to restore a snapshot: the whole table is each snapshot of
// each case in each of these ways.
type scenario struct {
	name  string
	scale func(parallelism int32) int32
	claim coordinator.ClaimMode
}

func scenarios() []scenario {
	return []scenario{
		{"same", same, coordinator.NoClaim},
		{"half", func(p int32) int32 { return max(1, p/2) }, coordinator.NoClaim},
		{"double", func(p int32) int32 { return 2 * p }, coordinator.NoClaim},
		{"odd", func(p int32) int32 { return 2*p + 1 }, coordinator.NoClaim},
		{"same, claimed", same, coordinator.Claim},
		{"double, legacy", func(p int32) int32 { return 2 * p }, coordinator.Legacy},
	}
}

func same(parallelism int32) int32 { return parallelism }

// testRestore restores each snapshot in each way from each place. The first place
// is the local disk, and the others must come to the same, byte for byte.
func testRestore(t *testing.T, all []place) {
	for _, c := range flinkCases(t) {
		for _, snapshot := range c.Snapshots {
			for _, s := range scenarios() {
				t.Run(c.name+"/"+snapshot.Pointer+"/"+s.name, func(t *testing.T) {
					want := restoreIn(t, all[0], &c, snapshot, s)
					for _, p := range all[1:] {
						if got := restoreIn(t, p, &c, snapshot, s); got != want {
							t.Errorf("disk (-) and %s (+) differ:\n%s", p.name, cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")))
						}
					}
				})
			}
		}
	}
}

// restoreIn restores a snapshot from a place with a new coordinator, and returns
// all that came of it in writing, wherever the place is.
func restoreIn(t *testing.T, p place, c *flinkCase, snapshot flinkSnapshot, s scenario) string {
	t.Helper()
	job := newTracedJob(t, c.job(t, s.scale), p.open(t, c), snapshot)
	restored, err := job.coordinator.RestoreSavepoint(t.Context(), coordinator.SavepointRestoreSettings{
		Path:      p.pointer(c, snapshot.Pointer),
		ClaimMode: s.claim,
	})
	if err != nil {
		t.Fatalf("%s: %v", p.name, err)
	}
	return strings.ReplaceAll(job.describe(restored), p.root, "ROOT")
}
