package storagetest

import (
	"errors"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
)

// Run runs the checks as subtests. Each asks open for the backend, which may be
// the same one each time, and is open's to close with t.Cleanup. What the store
// does not promise is reported as skipped, with the reason: it did not pass.
func Run(t *testing.T, open func(t *testing.T) backend.Backend) {
	RunWith(t, nil, open)
}

// RunWith is Run of a store of which more is known. opts may be nil.
func RunWith(t *testing.T, opts *Options, open func(t *testing.T) backend.Backend) {
	for _, check := range Checks() {
		t.Run(check.Name, func(t *testing.T) {
			err := check.Verify(t.Context(), open(t), opts)
			switch {
			case errors.Is(err, ErrNotPromised):
				t.Skip(err)
			case err != nil:
				t.Error(err)
			}
		})
	}
}
