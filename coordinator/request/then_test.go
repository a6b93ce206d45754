package request_test

import (
	"errors"
	"testing"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/request"
)

// Whoever waits by a call is called once: by what settles the promise, or at once if
// it is settled. The result is there by then.
func TestThen(t *testing.T) {
	r := request.New(checkpoint.Properties{}, "", time.Time{})
	broken := errors.New("broken")
	calls := 0
	then := func() {
		calls++
		if _, err := r.Promise().Result(); !errors.Is(err, broken) {
			t.Errorf("the result is %v", err)
		}
	}
	r.Promise().Then(then)
	if calls != 0 {
		t.Fatal("called before there is a result")
	}
	r.Fail(broken)
	r.Fail(errors.New("later"))
	r.Complete(nil)
	if calls != 1 {
		t.Errorf("called %d times", calls)
	}
	r.Promise().Then(then)
	if calls != 2 {
		t.Errorf("a promise that is settled made %d calls", calls-1)
	}
}
