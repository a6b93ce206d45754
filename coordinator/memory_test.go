package coordinator_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/job/checkpointing"
)

// A job runs for years, and none of its checkpoints may leave anything behind in memory;
// but the statistics remember some numbers of the last 10,000, about 90 bytes of each.
func TestMemoryDoesNotGrow(t *testing.T) {
	const some, many = 200, 3000
	c := newCrowd(t, 20)
	take := func(checkpoints int) {
		for range checkpoints {
			if _, err := c.Coordinator.TriggerCheckpoint(coordinator.Configured).Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	take(some)
	before := heap()
	take(many)
	if grown := heap() - before; grown > 140*many {
		t.Errorf("%d checkpoints left %d bytes in memory, %d each", many, grown, grown/many)
	}
}

func heap() int64 {
	runtime.GC()
	runtime.GC() // what was finalized by the first
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// What tasks have reported may be large: a million handles. That checkpoints are
// remembered after their end is for messages that come late, and needs none of it.
func TestStateIsForgottenWithItsCheckpoint(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		var reported []weak.Pointer[checkpoint.OperatorSubtaskState]
		answer := func(id int64, names ...string) {
			for _, name := range names {
				ack := s.answer(name, id)
				reported = append(reported, weak.Make(operatorState(ack.State.Operators)))
				s.AcknowledgeCheckpoint(t.Context(), ack)
			}
		}
		s.TriggerCheckpoint(coordinator.Configured)
		answer(1, "source0", "source1", "count0", "count1") // completes
		s.take()
		s.TriggerCheckpoint(coordinator.Configured)
		answer(2, "source0", "count0")
		s.decline(2, "count1", &checkpoint.Failure{Reason: checkpoint.DeclinedTaskNotReady})
		s.take()
		s.TriggerCheckpoint(coordinator.Configured)
		s.acknowledgeAll(3) // pushes the first one out
		s.take()
		runtime.GC()
		for i, state := range reported {
			if state.Value() != nil {
				t.Errorf("state %d of %d is still in memory", i, len(reported))
			}
		}
	})
}

func operatorState(states map[checkpoint.OperatorID]*checkpoint.OperatorSubtaskState) *checkpoint.OperatorSubtaskState {
	for _, state := range states {
		return state
	}
	return nil
}

// Where every checkpoint fails, and that is tolerated, they are not all kept until one
// succeeds.
func TestFailuresWithoutEnd(t *testing.T) {
	config := func(c *checkpointing.Config) { c.TolerableFailures = 1 << 30 }
	sc := script{config: config}
	onJournal(t, sc, func(t *testing.T, s *stage, j *journal) {
		for id := int64(1); id <= 100; id++ {
			s.TriggerCheckpoint(coordinator.Configured)
			s.acknowledge(id, "source0")
			s.decline(id, "count0", nil)
			s.take()
		}
		if got := j.take(); !strings.HasPrefix(got, "ended 1; ended 2; ") {
			t.Errorf("written %q", got)
		}
	})
}

// What cannot be deleted is not in the way of what can: that goes, once.
func TestGarbageThatStays(t *testing.T) {
	var mu sync.Mutex
	attempts := map[int64]int{}
	config := func(c *checkpointing.Config) { c.MaxConcurrent = 9 }
	options := func(o *coordinator.Options) {
		o.Discard = func(_ context.Context, g coordinator.Garbage) error {
			mu.Lock()
			defer mu.Unlock()
			for _, cp := range g.Checkpoints {
				attempts[cp.ID]++
				if cp.ID == 1 {
					return errBroken
				}
			}
			return nil
		}
	}
	onStage(t, script{config: config, options: options}, func(t *testing.T, s *stage) {
		for id := int64(1); id <= 5; id++ {
			s.TriggerCheckpoint(coordinator.Configured)
			s.acknowledgeAll(id)
			time.Sleep(time.Second)
		}
		synctest.Wait()
		mu.Lock()
		defer mu.Unlock()
		if got := fmt.Sprint(attempts); got != "map[1:4 2:1 3:1 4:1]" {
			t.Errorf("discarded %s", got)
		}
	})
}

// So it is with what a restore gives up: that it stays fails no restore, and the end
// tries again.
func TestGarbageOfARestoreThatStays(t *testing.T) {
	w := withSavepoint(t)
	r := newRig(t, w, coordinator.Options{}, w.own(5, "s3://bucket/shared/old"))
	w.fails = "discard"
	if _, err := r.RestoreSavepoint(t.Context(), settings(coordinator.Claim)); err != nil {
		t.Fatal(err)
	}
	w.fails = ""
	if err := r.Shutdown(t.Context(), completed.Suspended); err != nil {
		t.Fatal(err)
	}
	if len(r.garbage) < 2 || !slices.Equal(ids(r.garbage[0].Checkpoints), ids(r.garbage[len(r.garbage)-1].Checkpoints)) {
		t.Errorf("discarded %+v", r.garbage)
	}
}
