package request_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/request"
)

func done(p *request.Promise) bool {
	select {
	case <-p.Done():
		return true
	default:
		return false
	}
}

// A promise is kept with a checkpoint, or broken with a reason; whichever comes first.
func TestFirstAnswerCounts(t *testing.T) {
	c, failure := &completed.Checkpoint{ID: 7}, &checkpoint.Failure{Reason: checkpoint.CheckpointExpired}
	kept, broken := byUser(0), byUser(0)
	if done(kept.Promise()) {
		t.Error("done before there is an answer")
	}
	kept.Complete(c)
	kept.Fail(failure)
	broken.Fail(failure)
	broken.Complete(c)
	if got, err := kept.Promise().Result(); got != c || err != nil || !done(kept.Promise()) {
		t.Errorf("kept with %v, %v", got, err)
	}
	if got, err := broken.Promise().Result(); got != nil || !errors.Is(err, failure) || !done(broken.Promise()) {
		t.Errorf("broken with %v, %v", got, err)
	}
}

// Many wait, and all hear the same.
func TestAllHear(t *testing.T) {
	r, c := byUser(0), &completed.Checkpoint{ID: 7}
	var waiting sync.WaitGroup
	for range 20 {
		waiting.Go(func() {
			if got, err := r.Promise().Wait(t.Context()); got != c || err != nil {
				t.Errorf("heard %v, %v", got, err)
			}
		})
	}
	r.Complete(c)
	waiting.Wait()
}

// Who gives up hears why, and the promise is still kept.
func TestGivingUp(t *testing.T) {
	tired := errors.New("tired")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(tired)
	r := byUser(0)
	if _, err := r.Promise().Wait(ctx); !errors.Is(err, tired) {
		t.Errorf("gave up with %v", err)
	}
	c := &completed.Checkpoint{ID: 7}
	r.Complete(c)
	for range 50 { // a context that has ended does not hide a result, not even sometimes
		if got, err := r.Promise().Wait(ctx); got != c || err != nil {
			t.Fatalf("later: %v, %v", got, err)
		}
	}
}
