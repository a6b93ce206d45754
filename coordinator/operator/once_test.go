package operator_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/cairnstate/cairn/coordinator/operator"
)

// play lets a world live, and returns what was wrong with one of its checkpoints.
func play(seed uint64, f flaw) (completed int64, err error) {
	w := newWorld(seed, f)
	for range 400 {
		w.act()
		if w.broken != nil {
			return w.latest.id, fmt.Errorf("seed %d: %w", seed, w.broken)
		}
	}
	for w.steps.step() {
	}
	w.abortAll()
	for w.steps.step() {
	}
	if w.broken == nil {
		w.broken = w.settled()
	}
	if w.broken != nil {
		w.broken = fmt.Errorf("seed %d: %w", seed, w.broken)
	}
	return w.latest.id, w.broken
}

func TestEachEventIsOnOneSideOfACheckpoint(t *testing.T) {
	worlds := 0
	for seed := range uint64(500) {
		completed, err := play(seed, none)
		if err != nil {
			t.Fatal(err)
		}
		if completed != operator.NoCheckpoint {
			worlds++
		}
	}
	if worlds < 400 {
		t.Errorf("checkpoints were completed in %d worlds of 500: that proves little", worlds)
	}
}

// TestEachRuleIsNeeded breaks one rule after another: the same worlds must notice.
func TestEachRuleIsNeeded(t *testing.T) {
	for _, f := range []flaw{opensEarly, confirmsEarly, doesNotSeal, isNotResettled, asksInVain} {
		t.Run(string(f), func(t *testing.T) {
			for seed := range uint64(500) {
				if _, err := play(seed, f); err != nil {
					t.Log(err)
					return
				}
			}
			t.Error("nobody noticed")
		})
	}
}

// onSides holds that each number is on one side: still to be dealt, or with one
// subtask.
func onSides(c *taking) error {
	var state dealerState
	if err := json.Unmarshal(c.state, &state); err != nil {
		return err
	}
	times := make(map[int]int)
	for _, number := range state.Back {
		times[number]++
	}
	for _, numbers := range c.players {
		for _, number := range numbers {
			times[number]++
			if number >= state.Next {
				return fmt.Errorf("checkpoint %d: a subtask has %d, which is still to be dealt", c.id, number)
			}
		}
	}
	for number := range state.Next {
		if times[number] != 1 {
			return fmt.Errorf("checkpoint %d: %d is in it %d times", c.id, number, times[number])
		}
	}
	return nil
}

// settled holds that nothing is held back for ever.
func (w *world) settled() error {
	now := &taking{players: make(map[int32][]int)}
	now.state, _ = json.Marshal(dealerState{w.dealer.next, w.dealer.back})
	for _, p := range w.running {
		now.players[p.attempt.Subtask] = p.numbers
	}
	if err := onSides(now); err != nil {
		return fmt.Errorf("in the end: %w", err)
	}
	return nil
}
