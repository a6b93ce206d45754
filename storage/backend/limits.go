package backend

import (
	"errors"
	"fmt"
	"strings"
)

// Limits are the promises that a store cannot keep. The zero value is a store
// that keeps them all, but for swapping, which is a power.
type Limits struct {
	// NoExclusiveCreate: IfAbsent fails, or may let two writers win.
	NoExclusiveCreate bool
	// NoAtomicReplace: a Commit that replaces may show readers neither object.
	NoAtomicReplace bool
	// NoListAfterWrite: List may miss what was just committed, or show what was
	// just deleted.
	NoListAfterWrite bool
	// NoSwap: [Swap] fails.
	NoSwap bool
	// SwapsByContent: of swaps that race, two may win if the first of them writes
	// the very content that was there. Who puts something unique into what he swaps, a
	// number that rises, is safe.
	SwapsByContent bool
	// Volatile: what is committed does not outlive the process.
	Volatile bool
	// ReadOnly: Create and Delete fail with [ErrReadOnly].
	ReadOnly bool

	// MaxKey is the largest length of a key in bytes; 0 if nobody knows of any.
	MaxKey int
	// MaxElement is the largest length of what is between two slashes of a key.
	MaxElement int
	// MaxObject is the largest size of an object in bytes.
	MaxObject int64
}

// Limited is a Backend that has limits, or a wrapper, which has those of what it
// wraps.
type Limited interface {
	// Limits returns them. They do not change, and no request is made for them.
	Limits() Limits
}

// ErrReadOnly says that a backend was opened for reading alone.
var ErrReadOnly = errors.New("opened for reading alone")

// ErrLimited says that a store cannot keep a promise that it is needed for.
var ErrLimited = errors.New("the store cannot do what it is needed for")

// LimitsOf returns the limits of the backend: those that it declares, and that
// what is no [Swapper] does not swap.
func LimitsOf(b Backend) Limits {
	var limits Limits
	if limited, ok := b.(Limited); ok {
		limits = limited.Limits()
	}
	if _, ok := b.(Swapper); !ok {
		limits.NoSwap = true
	}
	return limits
}

// Need is a promise that somebody depends on.
type Need int

// The needs, one for each flag of [Limits].
const (
	ExclusiveCreate Need = iota
	AtomicReplace
	ListAfterWrite
	Swapping
	Durability
	Writing
)

// String says what is needed, for a person.
func (n Need) String() string {
	return [...]string{
		ExclusiveCreate: "exclusive creation",
		AtomicReplace:   "atomic replacement",
		ListAfterWrite:  "listings that show what was just written",
		Swapping:        "compare-and-swap",
		Durability:      "durability",
		Writing:         "writing",
	}[n]
}

func (l Limits) lacks(n Need) bool {
	return [...]bool{
		ExclusiveCreate: l.NoExclusiveCreate || l.ReadOnly,
		AtomicReplace:   l.NoAtomicReplace || l.ReadOnly,
		ListAfterWrite:  l.NoListAfterWrite,
		Swapping:        l.NoSwap || l.ReadOnly,
		Durability:      l.Volatile,
		Writing:         l.ReadOnly,
	}[n]
}

// Require returns nil if the backend keeps all these promises; else an
// [ErrLimited] that names those that it does not. It makes no request: whether
// the declaration is true is what package storagetest finds out.
func Require(b Backend, needs ...Need) error {
	limits := LimitsOf(b)
	var lacking []string
	for _, need := range needs {
		if limits.lacks(need) {
			lacking = append(lacking, need.String())
		}
	}
	if len(lacking) == 0 {
		return nil
	}
	err := fmt.Errorf("%w: it has no %s", ErrLimited, strings.Join(lacking, ", no "))
	if limits.ReadOnly {
		err = fmt.Errorf("%w (%w)", err, ErrReadOnly)
	}
	return err
}
