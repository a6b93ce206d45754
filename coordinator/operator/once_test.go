package operator_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/operator"
	"github.com/cairnstate/cairn/task"
)

const players = 3

// world is a job of one operator, in which everything that can happen happens at some
// time: events, checkpoints that overlap, subtasks and jobs that fail.
type world struct {
	flaw    flaw
	steps   *steps
	dealer  *dealer
	holder  *operator.Holder
	running [players]*player
	next    int64             // checkpoint id
	pending map[int64]*taking // answered, and not ended
	asking  bool
	aborted int64  // all up to this one were given up; an answer may come later
	latest  taking // complete checkpoint; the zero value before the first
	broken  error  // what was found
}

// taking is a checkpoint: the coordinator's part, and those of the subtasks so far.
type taking struct {
	id      int64
	state   []byte
	players map[int32][]int
}

func newWorld(seed uint64, f flaw) *world {
	w := &world{flaw: f, steps: &steps{random: rand.New(rand.NewPCG(seed, 0))}, dealer: newDealer(f), next: 1, pending: make(map[int64]*taking)}
	w.latest.id = operator.NoCheckpoint
	w.holder = operator.New(checkpoint.OperatorIDFromUID("dealer"), w.dealer, &operator.Options{Executor: w.steps})
	for subtask := range int32(players) {
		w.begin(subtask, 0)
	}
	return w
}

func (w *world) begin(subtask, attempt int32) {
	p := &player{world: w, attempt: task.ExecutionAttempt{Subtask: subtask, Attempt: attempt}, numbers: slices.Clone(w.latest.players[subtask])}
	w.running[subtask] = p
	w.holder.SubtaskReady(p.attempt, p)
}

func (w *world) trigger() {
	id := w.next
	w.next++
	w.asking = true
	w.holder.Checkpoint(context.Background(), id, func(state []byte, err error) {
		w.asking = false
		if err != nil || id <= w.aborted {
			w.holder.NotifyCheckpointAborted(id)
			return
		}
		w.pending[id] = &taking{id, state, make(map[int32][]int)}
		for _, p := range w.running {
			if w.flaw == opensEarly {
				w.holder.Acknowledged(id, p.attempt)
			}
			w.steps.Go(func() { w.barrier(id, p) })
		}
	})
}

// barrier has a subtask write its part, unless one of both is over.
func (w *world) barrier(id int64, p *player) {
	c, there := w.pending[id]
	if !there || w.running[p.attempt.Subtask] != p {
		return
	}
	numbers := slices.Clone(p.numbers)
	w.steps.Go(func() {
		c.players[p.attempt.Subtask] = numbers
		w.holder.Acknowledged(id, p.attempt)
		if len(c.players) == players && w.pending[id] == c {
			w.complete(c)
		}
	})
}

func (w *world) complete(c *taking) {
	w.latest = *c
	for id := range w.pending {
		if id <= c.id {
			delete(w.pending, id)
			if id < c.id {
				w.holder.NotifyCheckpointAborted(id)
			}
		}
	}
	w.holder.NotifyCheckpointComplete(c.id)
	if w.broken == nil {
		w.broken = onSides(c)
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

func (w *world) abortAll() {
	for id := range w.pending {
		delete(w.pending, id)
		w.holder.NotifyCheckpointAborted(id)
	}
	w.aborted = w.next - 1
	w.holder.NotifyCheckpointAborted(w.aborted)
}

// failSubtask takes one subtask back, and failJob the whole job.
func (w *world) failSubtask(subtask int32) {
	failed := w.running[subtask].attempt
	w.abortAll()
	w.holder.SubtaskFailed(failed, nil)
	w.holder.SubtaskReset(subtask, w.latest.id)
	w.begin(subtask, failed.Attempt+1)
}

func (w *world) failJob() {
	w.abortAll()
	w.broken = w.holder.ResetToCheckpoint(context.Background(), w.latest.id, w.latest.state)
	for subtask, p := range w.running {
		w.begin(int32(subtask), p.attempt.Attempt+1)
	}
}

func (w *world) act() {
	switch n := w.steps.random.IntN(100); {
	case n < 70:
		w.steps.step()
	case n < 80:
		w.dealer.deal(int32(w.steps.random.IntN(players)))
	case n < 85:
		_ = w.holder.HandleEvent(w.running[n%players].attempt, nil)
	case n < 97:
		if !w.asking {
			w.trigger()
		}
	case n < 99:
		w.failSubtask(int32(n % players))
	default:
		w.failJob()
	}
}

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
	for _, f := range []flaw{opensEarly, confirmsEarly, doesNotSeal, isNotResettled} {
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
