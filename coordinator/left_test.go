package coordinator_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cairnstate/cairn/coordinator"
)

// What the store will not delete, now or ever, is no reason to keep in mind what it did
// delete: the list of a long job would grow with each checkpoint.
func TestOnlyWhatIsLeftIsGivenUpAgain(t *testing.T) {
	for name, c := range map[string]struct {
		fails func(g coordinator.Garbage) error
		again string // what is given up from then on
		ended bool   // the first checkpoint, at once
	}{
		"nobody knows": {func(coordinator.Garbage) error { return errBroken }, "[1] [2]", false},
		"all":          {func(g coordinator.Garbage) error { return &coordinator.LeftError{Left: g, Err: errBroken} }, "[1] [2]", false},
		"nothing":      {func(coordinator.Garbage) error { return &coordinator.LeftError{Err: errBroken} }, "[2]", true},
	} {
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex // two pieces may go at once
			var given []string
			discard := func(_ context.Context, g coordinator.Garbage) error {
				mu.Lock()
				defer mu.Unlock()
				given = append(given, fmt.Sprint(ids(g.Checkpoints)))
				if len(given) == 1 {
					return c.fails(g)
				}
				return nil
			}
			onJournal(t, script{}, func(t *testing.T, s *stage, j *journal) {
				s.discarding(discard)
				for id := int64(1); id <= 2; id++ {
					s.TriggerCheckpoint(coordinator.Configured)
					s.acknowledgeAll(id)
				}
				if got := strings.Contains(j.take(), "ended 1"); got != c.ended {
					t.Errorf("ended is %v, want %v", got, c.ended)
				}
				s.TriggerCheckpoint(coordinator.Configured)
				s.acknowledgeAll(3)
				s.take()
				mu.Lock()
				defer mu.Unlock()
				slices.Sort(given[1:])
				if got := strings.Join(given[1:], " "); got != c.again {
					t.Errorf("given up were %v, again want %s", given, c.again)
				}
			})
		})
	}
}
