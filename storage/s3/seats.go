package s3

import (
	"container/list"
	"context"
	"io"
	"sync"
	"time"
)

// patience is how long a reader that nobody reads from keeps its connection while
// somebody waits for one.
const patience = 100 * time.Millisecond

// seats are the connections that readers may hold. Whoever finds none waits. A
// program may open more readers than there are seats before it reads from any, so
// waiting alone could last for ever: a reader at rest loses its seat, and asks for
// the rest of its object when it is read from again.
type seats struct {
	mu      sync.Mutex
	free    int
	resting list.List // of *seat, the longest first
	waiting list.List // of chan struct{}, closed when a seat is the waiter's
}

// seat is the state of a reader's.
type seat struct {
	entry *list.Element // in resting; nil if it is not at rest
	since time.Time
	body  io.ReadCloser
	lost  bool
}

// take waits for a seat.
func (s *seats) take(ctx context.Context) error {
	for {
		mine, wait := s.ask()
		if mine == nil {
			return nil
		}
		timer := time.NewTimer(wait)
		select {
		case <-mine.Value.(chan struct{}):
			timer.Stop()
			return nil
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			if s.leave(mine) {
				s.give()
			}
			return context.Cause(ctx)
		}
		if s.leave(mine) {
			return nil
		}
	}
}

// ask takes a free seat, or that of one who rests for long, and returns nil; or
// else a place in the queue, and when to ask again.
func (s *seats) ask() (place *list.Element, wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.free > 0 {
		s.free--
		return nil, 0
	}
	wait = patience
	if front := s.resting.Front(); front != nil {
		longest := front.Value.(*seat)
		if wait -= time.Since(longest.since); wait <= 0 {
			s.resting.Remove(front)
			longest.entry, longest.lost = nil, true
			longest.body.Close()
			return nil, 0
		}
	}
	return s.waiting.PushBack(make(chan struct{})), wait
}

// leave leaves the queue. It says whether a seat had been given meanwhile.
func (s *seats) leave(place *list.Element) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-place.Value.(chan struct{}):
		return true
	default:
		s.waiting.Remove(place)
		return false
	}
}

// give hands a seat to who waits longest, or back.
func (s *seats) give() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if front := s.waiting.Front(); front != nil {
		close(s.waiting.Remove(front).(chan struct{}))
		return
	}
	s.free++
}

// rest says that nobody reads from the body for now.
func (s *seats) rest(seat *seat, body io.ReadCloser) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seat.body, seat.since = body, time.Now()
	seat.entry = s.resting.PushBack(seat)
}

// wake says that somebody reads again. It returns false if the seat is lost.
func (s *seats) wake(seat *seat) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if seat.lost {
		seat.lost = false
		return false
	}
	if seat.entry != nil {
		s.resting.Remove(seat.entry)
		seat.entry = nil
	}
	return true
}
