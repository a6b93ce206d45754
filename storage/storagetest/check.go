package storagetest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
)

// Check is one promise of [backend.Backend].
type Check struct {
	// Name says what is promised.
	Name string

	run func(*subject) error
}

// Checks returns the promises, the simplest first: if several fail, the first
// tells most.
func Checks() []Check {
	return []Check{
		{"what is committed can be read", committedIsRead},
		{"an empty object is an object", emptyObject},
		{"what is absent is fs.ErrNotExist", absentIsNotExist},
		{"a directory is no object", directoryIsNoObject},
		{"errors name backend, operation and key", errorsName},
		{"nothing is visible before commit", invisibleBeforeCommit},
		{"an abandoned write leaves nothing", abandonedLeavesNothing},
		{"a writer has one ending", oneEnding},
		{"commit replaces the whole object", commitReplaces},
		{"exclusive creation keeps what exists", exclusiveKeeps},
		{"exclusive creation has one winner", exclusiveWinner},
		{"ranges hold at their edges", rangesAtEdges},
		{"listing is complete and in the order of bytes", listingOrder},
		{"a prefix is a whole path", prefixIsPath},
		{"listing stops when told", listingStops},
		{"delete removes one object", deleteRemovesOne},
		{"delete of nothing succeeds", deleteTwice},
		{"keys may be odd", oddKeys},
		{"a done context changes nothing", doneContext},
		{"a context that ends ends the write", contextEndsWrite},
		{"a context that ends ends the listing", contextEndsListing},
		{"a large object is whole", largeObject},
		{"many goroutines do not disturb each other", concurrentLoad},
	}
}

// Verify runs the check against the backend, below a directory, which the empty
// string makes the root. Nil means that the promise was kept; the error says how
// it was broken. It leaves nothing behind, unless deleting is what is broken.
func (c Check) Verify(ctx context.Context, b backend.Backend, below string) error {
	var id [8]byte
	rand.Read(id[:]) // never fails
	dir := path.Join(below, "storagetest-"+hex.EncodeToString(id[:]))
	s := &subject{ctx: ctx, backend: b, below: below, dir: dir}
	err := c.run(s)
	if swept := s.sweep(); swept != nil {
		err = errors.Join(err, fmt.Errorf("cleaning up below %s: %w", s.dir, swept))
	}
	return err
}

// Run runs the checks as subtests. Each asks open for the backend, which may be
// the same one each time, and is open's to close with t.Cleanup.
func Run(t *testing.T, open func(t *testing.T) backend.Backend) {
	for _, check := range Checks() {
		t.Run(check.Name, func(t *testing.T) {
			if err := check.Verify(t.Context(), open(t), ""); err != nil {
				t.Error(err)
			}
		})
	}
}
