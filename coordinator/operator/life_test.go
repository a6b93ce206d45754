package operator_test

import (
	"context"
	"math/rand/v2"
	"slices"

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
	aborted int64           // all up to this one were given up; an answer may come later
	given   context.Context // ends when they are
	giveUp  context.CancelFunc
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
	w.given, w.giveUp = context.WithCancel(context.Background())
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

// trigger takes an id, and asks some time later: the checkpoint may have been given up
// by then.
func (w *world) trigger() {
	id := w.next
	w.next++
	w.asking = true
	ctx := w.given
	w.steps.Go(func() { w.ask(ctx, id) })
}

func (w *world) ask(ctx context.Context, id int64) {
	w.holder.Checkpoint(ctx, id, func(state []byte, err error) {
		w.asking = false
		if id <= w.aborted {
			return
		}
		if err != nil {
			w.abort(id)
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
				w.abort(id)
			}
		}
	}
	w.steps.Go(func() { w.holder.NotifyCheckpointComplete(c.id) })
	if w.broken == nil {
		w.broken = onSides(c)
	}
}

func (w *world) abortAll() {
	w.aborted = w.next - 1
	if w.flaw != asksInVain {
		w.giveUp()
		w.given, w.giveUp = context.WithCancel(context.Background())
	}
	for id := range w.pending {
		delete(w.pending, id)
		w.abort(id)
	}
	w.abort(w.aborted)
}

// abort tells the holder, some time later, as notifications are told.
func (w *world) abort(id int64) {
	w.steps.Go(func() { w.holder.NotifyCheckpointAborted(id) })
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
