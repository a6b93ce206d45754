package simulation

import (
	"runtime"
	"sync"
	"time"
)

// lock is a mutex that the world knows of: who waits for it sleeps as who waits for a
// store does, and is woken in a step of its own.
type lock struct {
	of      *process
	held    bool
	waiting []*sleeper
}

var _ sync.Locker = (*lock)(nil)

// Lock waits for the lock. If the process dies meanwhile the goroutine ends here,
// because nobody gives a dead process's locks away.
func (l *lock) Lock() {
	if !l.held {
		l.held = true
		return
	}
	if l.of.dead {
		runtime.Goexit()
	}
	s := l.of.fallAsleep()
	l.waiting = append(l.waiting, s)
	<-s.wake
	if s.killed {
		runtime.Goexit()
	}
}

// Unlock gives the lock to who has waited longest.
func (l *lock) Unlock() {
	if len(l.waiting) == 0 || l.of.dead {
		l.held = false
		return
	}
	next := l.waiting[0]
	l.waiting = l.waiting[1:]
	l.of.world.after(time.Microsecond, l.of, "has the lock", "", func() { l.of.wakeUp(next) })
}
