package simulation

import (
	"testing"
	"time"
)

// A leader dies, or sleeps while another is elected, at each request that it makes:
// of a job that begins, and of one that is taken over.
func TestEveryRequestOfALeaderMayBeItsLast(t *testing.T) {
	for _, before := range [][]Fate{nil, {{Leader: 1, Request: 30}}} {
		leader, runs := len(before)+1, 0
		for request := 1; ; request++ {
			reached := false
			for _, fate := range []Fate{{}, {Arrives: true}, {Freeze: 20 * time.Second}, {Freeze: 20 * time.Second, Arrives: true}} {
				fate.Leader, fate.Request = leader, request
				r := Run(t, 2, Options{Fates: append(before, fate)})
				runs++
				if r.Violation != nil {
					t.Errorf("%+v: %v", fate, r.Violation)
				}
				reached = reached || len(r.Requests) >= leader && r.Requests[leader-1] >= request
			}
			if !reached {
				break
			}
		}
		t.Logf("leader %d: %d runs", leader, runs)
		if runs < 100 {
			t.Errorf("leader %d makes few requests: %d runs", leader, runs)
		}
	}
}
