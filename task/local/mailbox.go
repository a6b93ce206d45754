package local

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// mailbox is what others want of a subtask, in order: the subtask does it between two
// records. It has no bound, for who sends must not wait for who processes; what is sent
// are few messages for each checkpoint.
type mailbox struct {
	some atomic.Bool // there is mail, or the box is closed

	mu      sync.Mutex
	mails   []func() error
	closed  bool
	arrived chan struct{} // closed while there is mail, and when the box is
}

var errEnded = errors.New("local: the subtask has ended")

func newMailbox() *mailbox { return &mailbox{arrived: make(chan struct{})} }

// put appends a mail.
func (b *mailbox) put(mail func() error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return errEnded
	}
	if b.mails = append(b.mails, mail); len(b.mails) == 1 {
		b.some.Store(true)
		close(b.arrived)
	}
	return nil
}

// take returns the oldest mail; nil if there is none.
func (b *mailbox) take() func() error {
	if !b.some.Load() {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.mails) == 0 {
		return nil
	}
	mail := b.mails[0]
	if b.mails = b.mails[1:]; len(b.mails) == 0 && !b.closed {
		b.some.Store(false)
		b.arrived = make(chan struct{})
	}
	return mail
}

// close refuses mail from now on, and returns what is there.
func (b *mailbox) close() []func() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil
	}
	if len(b.mails) == 0 {
		close(b.arrived)
	}
	rest := b.mails
	b.mails, b.closed = nil, true
	b.some.Store(true)
	return rest
}

// wake returns a channel that is closed when there is mail.
func (b *mailbox) wake() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.arrived
}

// untilMail is a context that ends when there is mail, so that a source that waits for
// records can be called away. It is made anew for each call.
type untilMail struct {
	context.Context
	box  *mailbox
	done <-chan struct{}
}

func (b *mailbox) untilMail(parent context.Context) *untilMail {
	return &untilMail{Context: parent, box: b, done: b.wake()}
}

func (u *untilMail) Deadline() (time.Time, bool) { return time.Time{}, false }

// Done is closed with the first mail. A subtask that is cancelled closes its box too.
func (u *untilMail) Done() <-chan struct{} { return u.done }

func (u *untilMail) Err() error {
	select {
	case <-u.done:
		return context.Canceled
	default:
		return nil
	}
}
