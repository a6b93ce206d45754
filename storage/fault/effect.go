package fault

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"syscall"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/around"
)

// ErrKilled is the error of all calls of a process that died.
var ErrKilled = errors.New("the process was killed here, by a fault")

// Kind is a kind of error that stores give.
type Kind string

// The kinds of errors, and what errors.Is finds in them.
const (
	Transient  Kind = "transient"  // backend.ErrTransient
	Throttled  Kind = "throttled"  // backend.ErrThrottled
	Reset      Kind = "reset"      // syscall.ECONNRESET, backend.ErrTransient
	Permission Kind = "permission" // fs.ErrPermission
	Full       Kind = "full"       // syscall.ENOSPC
)

// Kinds returns all kinds.
func Kinds() []Kind { return []Kind{Transient, Throttled, Reset, Permission, Full} }

func (k Kind) err() error {
	switch k {
	case Transient:
		return backend.ErrTransient
	case Throttled:
		return backend.ErrThrottled
	case Reset:
		return fmt.Errorf("%w (%w)", syscall.ECONNRESET, backend.ErrTransient)
	case Permission:
		return fs.ErrPermission
	case Full:
		return syscall.ENOSPC
	}
	return fmt.Errorf("a fault of the unknown kind %q", string(k))
}

// Effect is what happens at a place, as package documentation tells.
type Effect struct {
	action action
	kind   Kind // of fail, lose and short
}

type action string

const (
	fail      action = "fail"
	lose      action = "lose"
	short     action = "short"
	truncate  action = "truncate"
	corrupt   action = "corrupt"
	stall     action = "stall"
	kill      action = "kill"
	killAfter action = "kill-after"
)

func (a action) hasKind() bool { return a == fail || a == lose || a == short }

// Fail is an error instead of the call.
func Fail(k Kind) Effect { return Effect{fail, k} }

// Lose is an error instead of the answer: the call takes effect.
func Lose(k Kind) Effect { return Effect{lose, k} }

// Short is an error after half of a write.
func Short(k Kind) Effect { return Effect{short, k} }

// Truncate is the silent end of a body, or a piece that is missing in a download.
func Truncate() Effect { return Effect{action: truncate} }

// Corrupt is another bit in a body, read or written.
func Corrupt() Effect { return Effect{action: corrupt} }

// Stall is nothing until the context ends.
func Stall() Effect { return Effect{action: stall} }

// Kill is the death of the process before the call.
func Kill() Effect { return Effect{action: kill} }

// KillAfter is the death of the process after the call took effect.
func KillAfter() Effect { return Effect{action: killAfter} }

// Effects returns each effect with each kind that it can have.
func Effects() []Effect {
	effects := []Effect{Truncate(), Corrupt(), Stall(), Kill(), KillAfter()}
	for _, kind := range Kinds() {
		effects = append(effects, Fail(kind), Lose(kind), Short(kind))
	}
	return effects
}

// String gives the text that [Parse] reads.
func (e Effect) String() string {
	if e.action.hasKind() {
		return fmt.Sprintf("%s(%s)", e.action, e.kind)
	}
	return string(e.action)
}

// HappensTo says whether the effect can happen to calls of the op.
func (e Effect) HappensTo(op Op) bool {
	if op == around.Stop {
		return false
	}
	switch e.action {
	case truncate:
		return op == Read || op == Receive
	case corrupt:
		return moves(op)
	case short:
		return op == Write
	case stall: // what closes has no context of its own to end it
		return !slices.Contains([]Op{Close, Abort, Shut}, op)
	case kill, killAfter:
		return op != Shut
	}
	return true
}
