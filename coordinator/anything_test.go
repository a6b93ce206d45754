package coordinator_test

import (
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/request"
	"github.com/cairnstate/cairn/job/checkpointing"
)

// Whatever happens, in whatever order: who asked is answered; no task hears two ends of
// a checkpoint, or that one is complete which nobody has; and when all is over nothing
// is left in the store but the savepoints that people were given, whole.
func TestAnythingInAnyOrder(t *testing.T) {
	for seed := range uint64(60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 1))
			config := func(c *checkpointing.Config) {
				c.Interval, c.MinPause = 20*time.Second, time.Duration(r.IntN(2))*5*time.Second
				c.Timeout, c.MaxConcurrent, c.TolerableFailures = time.Minute, 1+r.Int32N(3), r.Int32N(5)
			}
			options := func(o *coordinator.Options) {
				o.Discard = nil // the usual one, which deletes
				o.Logger = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
			}
			synctest.Test(t, func(t *testing.T) {
				c := &chaos{stage: newStage(t, script{config: config, options: options}), random: r, answered: map[int64]map[string]bool{}}
				c.play()
				c.conclude()
			})
		})
	}
}

// chaos has things happen to a stage.
type chaos struct {
	*stage
	random   *rand.Rand
	promises []*request.Promise
	attempts int32
	held     bool
	answered map[int64]map[string]bool // by checkpoint: the tasks whose current attempt has
}

func (c *chaos) play() {
	deeds := []func(){
		c.ask, c.ask, c.ask, c.answerOne, c.answerOne, c.answerOne, c.answerOne, c.answerAll, c.answerAll, c.answerAll,
		c.declineOne, c.failOne, c.restart, c.startOrStop, c.trouble, c.trouble, func() { time.Sleep(30 * time.Second) },
	}
	for range 150 {
		deeds[c.random.IntN(len(deeds))]()
		time.Sleep(time.Duration(c.random.IntN(3000)) * time.Millisecond)
	}
}

func (c *chaos) ask() {
	switch c.random.IntN(5) {
	case 0:
		c.promises = append(c.promises, c.TriggerSavepoint("", checkpoint.Canonical))
	case 1:
		c.promises = append(c.promises, c.StopWithSavepoint("", checkpoint.Native, c.random.IntN(2) == 0))
	default:
		c.promises = append(c.promises, c.TriggerCheckpoint(coordinator.CheckpointKind(c.random.IntN(3))))
	}
}

// someID is that of a checkpoint that somebody has not answered; 0 if there is none.
func (c *chaos) someID() int64 {
	synctest.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, id := range slices.Backward(slices.Sorted(maps.Keys(c.barriers))) {
		if len(c.answered[id]) < len(allTasks) && c.random.IntN(3) > 0 {
			return id
		}
	}
	return 0
}

var allTasks = []string{"source0", "source1", "count0", "count1"}

func (c *chaos) answerOne() {
	if id := c.someID(); id > 0 {
		c.answerBy(allTasks[c.random.IntN(4)], id, c.random.IntN(8) == 0)
	}
}

func (c *chaos) answerAll() {
	if id := c.someID(); id > 0 {
		for _, i := range c.random.Perm(4) {
			c.answerBy(allTasks[i], id, false)
		}
	}
}

// answerBy has a task answer that has not yet, or its attempt of before the restart; now
// and then twice.
func (c *chaos) answerBy(name string, id int64, old bool) {
	if c.answered[id] == nil {
		c.answered[id] = map[string]bool{}
	}
	if c.answered[id][name] {
		return
	}
	ack := c.answer(name, id)
	if old {
		ack.Attempt.Attempt--
	} else {
		c.answered[id][name] = true
	}
	for range 1 + c.random.IntN(2) {
		c.crew.Go(func() { c.AcknowledgeCheckpoint(c.t.Context(), ack) })
	}
}

func (c *chaos) declineOne() {
	if id := c.someID(); id > 0 {
		c.decline(id, allTasks[c.random.IntN(4)], errBroken)
	}
}

func (c *chaos) failOne() {
	c.FailUnacknowledgedPendingCheckpoints(c.attempt(allTasks[c.random.IntN(4)]), errBroken)
}

func (c *chaos) restart() {
	c.attempts++
	c.deploy(c.attempts)
	c.mu.Lock()
	for id := range c.barriers { // new attempts have not seen them
		c.answered[id] = map[string]bool{"source0": true, "source1": true, "count0": true, "count1": true}
	}
	c.mu.Unlock()
	c.AbortPendingCheckpoints(&checkpoint.Failure{Reason: checkpoint.JobFailoverRegion})
	c.crew.Go(func() { _, _ = c.RestoreLatestToSubtasks(c.t.Context()) })
}

func (c *chaos) startOrStop() {
	if c.random.IntN(2) == 0 {
		c.StopCheckpointScheduler()
	} else if err := c.StartCheckpointScheduler(); err != nil {
		c.t.Error(err)
	}
}

// trouble has the store, or the counter, be slow, or fail for a while.
func (c *chaos) trouble() {
	switch {
	case c.held:
		c.store.release()
		c.ids.release()
	case c.random.IntN(2) == 0:
		c.store.hold()
		c.ids.hold()
	default:
		c.store.fail([]error{nil, nil, errBroken}[c.random.IntN(3)])
		c.ids.fail([]error{nil, nil, errBroken}[c.random.IntN(3)])
		return
	}
	c.held = !c.held
}
