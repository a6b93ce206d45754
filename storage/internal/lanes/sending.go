package lanes

import (
	"net/http"
	"sync"
	"time"
)

// sending is a request that goes out while somebody listens for its answer.
type sending struct {
	done chan struct{} // closed when it has gone out, or will not

	mu       sync.Mutex
	listened bool  // guarded by mu; nobody waits for the head of the answer any more
	err      error // guarded by mu
}

// send sends the request of an exchange.
func (x *exchange) send(r *http.Request) *sending {
	s := &sending{done: make(chan struct{})}
	go func() {
		defer close(s.done)
		if err := x.lane.write(r); err != nil {
			s.fail(x, err)
		}
	}()
	return s
}

// fail has who waits for an answer wait no longer than that makes sense.
func (s *sending) fail(x *exchange, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
	if s.listened {
		return
	}
	if isBroken(err) {
		x.wait(time.Now().Add(lastWords))
	} else {
		x.wait(past)
	}
}

// stopListening says that nobody waits for the head of the answer any more. It
// returns why the request did not go out, if so.
func (s *sending) stopListening(x *exchange) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listened = true
	if s.err != nil {
		x.wait(time.Time{})
	}
	return s.err
}

// hasGone says whether the request went out, all of it. Who answered has got it, so
// it does not take long to know.
func (s *sending) hasGone() bool {
	timer := time.NewTimer(lastWords)
	defer timer.Stop()
	select {
	case <-s.done:
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.err == nil
	case <-timer.C:
		return false
	}
}
