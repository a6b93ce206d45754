package main

import (
	"fmt"

	"github.com/dustin/go-humanize"

	"github.com/cairnstate/cairn/storage/backend"
)

const (
	usualPart   = 8 << 20  // bytes; what all our backends write at once, if not told otherwise
	largestPart = 64 << 20 // several writers hold several of them in memory
)

// partOf returns how many bytes of an object are sent at once. What is no size opening
// the store will refuse.
func partOf(root backend.Root) int {
	for _, name := range []string{"part-size", "chunk-size"} {
		if size, err := humanize.ParseBytes(root.Params.Get(name)); err == nil && size > usualPart {
			return int(size)
		}
	}
	return usualPart
}

// largeSize is that of an object that is written in parts, and whose last part is a
// short one.
func (t *verifyTarget) largeSize() int { return partOf(t.root) + 3<<20 + 12345 }

// abortedSize is that of an object of which parts are sent before its writer is done.
func (t *verifyTarget) abortedSize() int { return 2*partOf(t.root) + 1<<20 }

// checkParts refuses parts that are too large to be tried.
func checkParts(root backend.Root) error {
	if size := partOf(root); size > largestPart {
		return fmt.Errorf("writing in parts of %s takes objects that are larger: verify with parts of at most %s, as what the store keeps does not depend on it",
			humanize.IBytes(uint64(size)), humanize.IBytes(largestPart))
	}
	return nil
}
