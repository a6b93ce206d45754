package fs

import (
	"fmt"
	iofs "io/fs"
	"time"
)

// version tells one content of a name from another: which file it is, when it was
// written and how long it is. The time is the one that stamp gave it. The time of
// the last change of the inode is not in it: a second name of the file, or its
// owner, change that and not the content.
func version(stat iofs.FileInfo) string {
	return fmt.Sprintf("%x-%x-%x", inode(stat), stat.ModTime().UnixNano(), stat.Size())
}

// stamp sets the time at which the temporary file was written. The system's own
// stamps come from a clock that ticks some hundred times a second, so two files
// within a tick, of which the second got the inode of the first, could not be told
// apart. Where times cannot be set the system's have to do.
func (w *writer) stamp(earliest time.Time) {
	now := time.Now()
	if now.Before(earliest) { // the clock went back
		now = earliest
	}
	_ = w.backend.tree.Chtimes(w.temporary, now, now)
}
