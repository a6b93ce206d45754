package retry

import (
	"cmp"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

// Options say how patient to be. Nil and the zero value are a good beginning.
type Options struct {
	// Attempts is how often a step is tried without any progress; 0 means 4, and 1
	// that nothing is tried again.
	Attempts int
	// FirstPause and LongestPause bound the time between tries: it is random between
	// nothing and a bound that doubles from the first to the longest. 0 means 100
	// milliseconds, and 10 seconds.
	FirstPause, LongestPause time.Duration
	// Throttled is by how much longer the pause is if the store asks to be asked less
	// often; 0 means 4.
	Throttled int
	// Progress is how long a call may move nothing until it is abandoned and tried
	// again; 0 means 30 seconds, and less than 0 for ever.
	Progress time.Duration
	// Buffer is how many bytes of each writer are kept to write them again; 0 means
	// 1 MiB, and less than 0 none. A writer takes no more memory than was written.
	Buffer int
}

func (o *Options) withDefaults() Options {
	var options Options
	if o != nil {
		options = *o
	}
	options.Attempts = cmp.Or(options.Attempts, 4)
	options.FirstPause = cmp.Or(options.FirstPause, 100*time.Millisecond)
	options.LongestPause = cmp.Or(options.LongestPause, 10*time.Second)
	options.Throttled = cmp.Or(options.Throttled, 4)
	options.Progress = cmp.Or(options.Progress, 30*time.Second)
	options.Buffer = cmp.Or(options.Buffer, 1<<20)
	return options
}

// Wrap returns b with patience. opts may be nil. Closing it closes b. It is as safe
// for use by many goroutines as b.
func Wrap(b backend.Backend, opts *Options) backend.Backend {
	return &retrying{backend.Through{Backend: b}, opts.withDefaults()}
}

type retrying struct {
	backend.Through
	options Options
}
