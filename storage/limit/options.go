package limit

import (
	"fmt"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/around"
)

// Options are the limits. What is zero has none.
type Options struct {
	// Calls is how many calls may be under way at once, over the whole backend. A
	// reader or writer that nobody is just calling does not count, so nobody who holds
	// one waits for himself.
	Calls int
	// Readers is how many readers may be open at once. A goroutine that opens another
	// reader before it closed one may wait for itself: leave it zero, or above what
	// such goroutines hold together.
	Readers int
	// Requests is how many requests may begin in a second; one second's worth may
	// begin at once.
	Requests float64
	// Bytes is how many bytes may be read and written in a second, together.
	Bytes float64
	// Budget is that of each prefix; nil for none.
	Budget *Budget
}

// Budget is how many requests in a second a prefix of keys bears.
type Budget struct {
	Reads, Writes float64
	// Elements is how many elements of a key make its prefix: 1 for "a" of
	// "a/chk-7/x"; 0 makes the whole backend one prefix.
	Elements int
}

// S3Budget is what Amazon says that S3 bears for each of its prefixes.
func S3Budget() *Budget { return &Budget{Reads: 5500, Writes: 3500} }

func (o *Options) check() error {
	for name, value := range map[string]float64{"Calls": float64(o.Calls), "Readers": float64(o.Readers), "Requests": o.Requests, "Bytes": o.Bytes} {
		if value < 0 {
			return fmt.Errorf("limit: %s is %v; it is a number above zero, or zero for no limit", name, value)
		}
	}
	if o.Budget != nil && (o.Budget.Reads <= 0 || o.Budget.Writes <= 0 || o.Budget.Elements < 0) {
		return fmt.Errorf("limit: the budget %+v leaves nothing; reads and writes are above zero", *o.Budget)
	}
	return nil
}

// Wrap returns b within the limits. The error is a mistake in the options. Closing
// it closes b. It is as safe for use by many goroutines as b. opts may be nil, which
// limits nothing.
func Wrap(b backend.Backend, opts *Options) (backend.Backend, error) {
	if opts == nil {
		opts = &Options{}
	}
	if err := opts.check(); err != nil {
		return nil, err
	}
	return around.Wrap(b, newGate(opts).around), nil
}
