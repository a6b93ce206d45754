package around

import (
	"context"

	"github.com/cairnstate/cairn/storage/backend"
)

// Hook is called in place of each call. It calls do, which lets the call happen, or
// does not, and returns the error that the caller gets: that of do, or its own. It
// is called by many goroutines at once. It must not keep c.
type Hook func(c *Call, do func() error) error

// Call is one call on its way. Of what is set by do, the hook may change all that
// the caller gets.
type Call struct {
	Context  context.Context // that of the verb; readers and writers have that of Open and Create
	Op       Op
	Key      string   // List and Next: the prefix
	To       string   // Copy: the key that is made
	Keys     []string // DeleteAll; a hook may leave some out, by another slice
	IfAbsent bool     // Create, Commit, Copy, Upload

	// Offset is the first byte that is asked for (Open, Download), or where Data
	// begins in what this stream has moved (Read, Write), in the range (Receive) or in
	// the object (Send).
	Offset int64
	Length int64 // Open, Download: the bytes asked for, 0 to the end; Upload: the size

	// Data is what is written (Write, Receive, Swap), or the buffer to be filled
	// (Read, Send). A hook may put another slice in its place, and may then call do again
	// for what is left of a Write.
	Data []byte
	// N is set by do: how many bytes were moved. Calls of do add up.
	N int64
	// First is set by do (Send): how many of those were not taken before. N of an
	// Upload is their sum, and so that of the object, however often it was read.
	First int64
	// Info is set by do: Open, Stat, Next, Download.
	Info backend.Info
	// Stream is what the calls of one reader, writer or listing have in common; nil
	// for all other calls, Open, Create and List included.
	Stream *Stream

	// Leave is set by a hook that returns an error after do: what Open or Create made
	// is dropped and not closed, as by a process that dies.
	Leave bool
}

// Stream is one reader, writer or listing. It is for one goroutine.
type Stream struct {
	Bytes    int64 // moved so far, before this call
	Elements int   // yielded so far, before this call
	Err      error // what the first call that failed returned; io.EOF is no failure
	Open     Call  // the call that made it, as it was when it succeeded
	Own      any   // whatever the hook wants to find again at the next call
}

// EachKey yields the keys that the call is about.
func (c *Call) EachKey(yield func(string) bool) {
	if c.Op == DeleteAll {
		for _, key := range c.Keys {
			if !yield(key) {
				return
			}
		}
		return
	}
	if yield(c.Key) && c.Op == Copy {
		yield(c.To)
	}
}
