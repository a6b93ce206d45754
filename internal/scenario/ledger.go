package scenario

import (
	"slices"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
)

// Ledger is what a play was told by the store. At each moment of a play it is what a
// process that dies then had been told.
type Ledger struct {
	Others       bool // somebody else's checkpoint is complete there
	Acknowledged bool // the publication succeeded
	Denied       bool // it failed, or was never tried: there is no checkpoint of ours
	Unknown      bool // nobody could tell
	Disposing    bool // of the checkpoint that was acknowledged; it may go
	Cleared      bool // all that was acknowledged is deleted, the store says

	Handles []checkpoint.StreamStateHandle // that were acknowledged, whether inline or files
}

// Copy returns what the ledger says now.
func (l *Ledger) Copy() *Ledger {
	copied := *l
	copied.Handles = slices.Clone(l.Handles)
	return &copied
}

// has says whether the key is that of a file that was acknowledged.
func (l *Ledger) has(key string) bool {
	return slices.ContainsFunc(l.Handles, func(h checkpoint.StreamStateHandle) bool {
		switch file := h.(type) {
		case *checkpoint.FileStateHandle:
			return strings.HasSuffix(file.Path, "/"+key)
		case *checkpoint.RelativeFileStateHandle:
			return strings.HasSuffix(key, "/"+file.RelativePath)
		}
		return false
	})
}

// files counts the handles that are files.
func (l *Ledger) files() int {
	n := 0
	for _, handle := range l.Handles {
		if _, inline := handle.(*checkpoint.ByteStreamStateHandle); !inline {
			n++
		}
	}
	return n
}

// shared returns the handles of files that are not in the checkpoint's own directory.
func shared(handles []checkpoint.StreamStateHandle) []checkpoint.StreamStateHandle {
	return slices.DeleteFunc(slices.Clone(handles), func(h checkpoint.StreamStateHandle) bool {
		file, ok := h.(*checkpoint.FileStateHandle)
		return !ok || !isShared(file.Path)
	})
}
