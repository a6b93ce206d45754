package sharedstate

import "math"

// entry is a file or directory in use: 48 bytes without a pointer, so that Go's
// garbage collector need not look at a million of them.
type entry struct {
	high, low    uint64 // the name
	size         int64  // that handles to share say; unsaid if there are none
	usage               // by checkpoints
	place        placeID
	form         form // of the name
	kind         kind
	keepsCreator bool
	confirmed    bool
}

// unsaid is the size of a file that no handle to share mentions. Below 0 are also
// sizes that the one who wrote the file could not find out.
const unsaid = math.MinInt64

func (e *entry) name() name { return name{high: e.high, low: e.low, form: e.form} }

// shared says whether a handle mentions it as a file to share.
func (e *entry) shared() bool { return e.size != unsaid }

// resized says whether the file has another size than before.
func (e *entry) resized(size int64) bool { return size >= 0 && e.size >= 0 && size != e.size }

func (e *entry) share(size int64) {
	if size >= 0 || !e.shared() {
		e.size = size
	}
}
