package storagetest_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/storagetest"
)

// A backend of which nothing is there yet is told which verb is missing, in one line.
func TestABackendThatIsBegunIsToldTheVerb(t *testing.T) {
	err := storagetest.Checks()[0].Verify(t.Context(), begun{}, nil)
	if err == nil || !strings.HasPrefix(err.Error(), "Create: ") || strings.Contains(err.Error(), "\n") {
		t.Errorf("the first check says: %v", err)
	}
}

// begun is what the compiler asks for.
type begun struct{}

func (begun) Open(context.Context, string, *backend.OpenOptions) (backend.Reader, error) {
	return nil, errors.ErrUnsupported
}

func (begun) Stat(context.Context, string) (backend.Info, error) {
	return backend.Info{}, errors.ErrUnsupported
}

func (begun) List(context.Context, string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) { yield(backend.Info{}, errors.ErrUnsupported) }
}

func (begun) Create(context.Context, string, *backend.CreateOptions) (backend.Writer, error) {
	return nil, errors.ErrUnsupported
}

func (begun) Delete(context.Context, string) error { return errors.ErrUnsupported }
func (begun) Close() error                         { return nil }
