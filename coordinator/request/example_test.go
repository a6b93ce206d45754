package request_test

import (
	"fmt"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/request"
)

// While a checkpoint is pending, the timer's next one waits; a savepoint that is asked
// for after it comes before it.
func Example() {
	d, now := request.NewDecider(1, 0), time.Unix(0, 0)
	tick := request.NewPeriodic(checkpoint.CheckpointProperties(checkpoint.RetainOnFailure), now)
	user := request.New(checkpoint.SavepointProperties(checkpoint.Canonical, checkpoint.ActionNone, false), "", now.Add(time.Second))

	busy, free := request.Situation{Now: now, Pending: 1}, request.Situation{Now: now}
	fmt.Println(d.Submit(tick, busy).Chosen, d.Submit(user, busy).Chosen)
	fmt.Println(d.Next(free).Chosen == user, d.Next(free).Chosen == tick)
	// Output:
	// <nil> <nil>
	// true true
}
