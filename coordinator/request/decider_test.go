package request_test

import (
	"slices"
	"testing"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/request"
)

// If nothing stands in the way, what is asked for is triggered at once.
func TestSubmitChooses(t *testing.T) {
	for _, r := range []*request.Request{tick(0), byUser(0), savepoint(0), forcedSave(0)} {
		d := request.NewDecider(1, 0)
		chosen(t, d.Submit(r, free(0)), r)
		nothing(t, d.Next(free(1)))
	}
}

// Whatever stands in the way, nothing is lost: it is chosen when the way is free.
func TestWhatStandsInTheWay(t *testing.T) {
	for name, s := range map[string]request.Situation{
		"a trigger is under way":        {Now: at(0), Triggering: true},
		"as many pending as may be":     {Now: at(0), Pending: 2},
		"more pending than may be":      {Now: at(0), Pending: 3},
		"more deleted than may pending": {Now: at(0), Cleaning: 3},
	} {
		t.Run(name, func(t *testing.T) {
			d, r := request.NewDecider(2, 0), savepoint(0)
			nothing(t, d.Submit(r, s))
			nothing(t, d.Next(s))
			chosen(t, d.Next(free(1)), r)
		})
	}
}

// As many may be deleted as may be pending.
func TestSomeCleaningIsNoObstacle(t *testing.T) {
	r := tick(0)
	chosen(t, request.NewDecider(2, 0).Submit(r, request.Situation{Now: at(0), Pending: 1, Cleaning: 2}), r)
}

// Who is forced need not wait for pending checkpoints; but for a trigger, and for what
// is being deleted.
func TestForced(t *testing.T) {
	d, r := request.NewDecider(1, time.Hour), forcedSave(0)
	chosen(t, d.Submit(r, request.Situation{Now: at(0), LastCompletion: at(0), Pending: 9}), r)
	nothing(t, d.Submit(r, request.Situation{Now: at(0), Triggering: true}))
	nothing(t, d.Next(request.Situation{Now: at(0), Cleaning: 2}))
	chosen(t, d.Next(busy(0)), r)
}

// A forced savepoint passes those that wait, which go on waiting.
func TestForcedPassesOthers(t *testing.T) {
	d, first, second, third := request.NewDecider(1, 0), tick(0), savepoint(1), forcedSave(2)
	nothing(t, d.Submit(first, busy(0)))
	nothing(t, d.Submit(second, busy(1)))
	chosen(t, d.Submit(third, busy(2)), third)
	nothing(t, d.Next(busy(3)))
	chosen(t, d.Next(free(4)), second)
	chosen(t, d.Next(free(5)), first)
}

// The pause counts from the last completion; 200 of 500 ms are over. The timer's
// request is refused, and its next one comes when the pause is over.
func TestMinPause(t *testing.T) {
	s := request.Situation{Now: at(1200), LastCompletion: at(1000)}
	d, r := request.NewDecider(1, 500*time.Millisecond), tick(1200)
	refused(t, d.Submit(r, s), r, checkpoint.MinimumTimeBetweenCheckpoints, 300*time.Millisecond)

	s.Now = at(1500)
	again := tick(1500)
	chosen(t, d.Submit(again, s), again)
}

// A pause is for the timer. People do not wait for it.
func TestMinPauseIsForTheTimer(t *testing.T) {
	s := request.Situation{Now: at(1), LastCompletion: at(0)}
	for _, r := range []*request.Request{byUser(1), savepoint(1), forcedSave(1)} {
		chosen(t, request.NewDecider(1, time.Hour).Submit(r, s), r)
	}
}

// Before the first completion there is nothing to pause after.
func TestNoPauseBeforeTheFirst(t *testing.T) {
	r := tick(0)
	chosen(t, request.NewDecider(1, time.Hour).Submit(r, free(0)), r)
}

// The pause does not refuse what cannot be triggered anyway.
func TestMinPauseWhileBusy(t *testing.T) {
	d, r := request.NewDecider(1, time.Second), tick(1)
	nothing(t, d.Submit(r, request.Situation{Now: at(1), LastCompletion: at(0), Pending: 1}))
	refused(t, d.Next(request.Situation{Now: at(1), LastCompletion: at(0)}), r, checkpoint.MinimumTimeBetweenCheckpoints, 999*time.Millisecond)
}

// Ticks that came while one was pending are not one: each has its turn, and a pause
// refuses the first and leaves the others.
func TestTicksPileUp(t *testing.T) {
	d, first, second := request.NewDecider(1, time.Second), tick(0), tick(10)
	nothing(t, d.Submit(first, busy(0)))
	nothing(t, d.Submit(second, busy(10)))
	refused(t, d.Next(request.Situation{Now: at(20), LastCompletion: at(20)}), first, checkpoint.MinimumTimeBetweenCheckpoints, time.Second)
	chosen(t, d.Next(request.Situation{Now: at(1020), LastCompletion: at(20)}), second)
}

// A queue full of people's requests takes no other, of whatever kind.
func TestFullOfUsers(t *testing.T) {
	for _, r := range []*request.Request{tick(5000), byUser(5000), savepoint(5000), forcedSave(0)} {
		d := full(t, savepoint)
		refused(t, d.Submit(r, busy(5000)), r, checkpoint.TooManyCheckpointRequests, 0)
		if d.Len() != request.MaxQueued {
			t.Errorf("%d are in the queue", d.Len())
		}
	}
}

// In a queue full of ticks, a savepoint takes the place of the last.
func TestFullOfTicks(t *testing.T) {
	var last *request.Request
	d := full(t, func(ms int) *request.Request { last = tick(ms); return last })
	save := savepoint(5000)
	refused(t, d.Submit(save, busy(5000)), last, checkpoint.TooManyCheckpointRequests, 0)
	chosen(t, d.Next(free(5001)), save)
	if got := d.Len(); got != request.MaxQueued-1 {
		t.Errorf("%d are in the queue", got)
	}
}

// A tick more than there is room for is itself the last, and refused.
func TestATickTooMany(t *testing.T) {
	d, r := full(t, tick), tick(5000)
	refused(t, d.Submit(r, busy(5000)), r, checkpoint.TooManyCheckpointRequests, 0)
}

// One that is refused for want of room does not keep another from being chosen.
func TestFullAndFree(t *testing.T) {
	d, r := full(t, tick), forcedSave(5000)
	decision := d.Submit(r, free(5000))
	if decision.Chosen != r || len(decision.Failed) != 1 {
		t.Errorf("decided %+v", decision)
	}
}

// Draining takes all, in their order, and leaves a decider that works.
func TestDrain(t *testing.T) {
	d, first, second := request.NewDecider(1, 0), tick(0), savepoint(1)
	nothing(t, d.Submit(first, busy(0)))
	nothing(t, d.Submit(second, busy(1)))
	if got := d.Drain(); !slices.Equal(got, []*request.Request{second, first}) || d.Len() != 0 {
		t.Errorf("drained %v, %d left", got, d.Len())
	}
	nothing(t, d.Next(free(2)))
	again := tick(3)
	chosen(t, d.Submit(again, free(3)), again)
}
