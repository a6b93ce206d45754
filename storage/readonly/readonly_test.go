package readonly_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/around"
	"github.com/cairnstate/cairn/storage/internal/powers"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/readonly"
)

// sealed fails the test if anything would be written.
type sealed struct {
	backend.Backend
	t *testing.T
}

func (s sealed) Create(context.Context, string, *backend.CreateOptions) (backend.Writer, error) {
	s.t.Error("Create came through")
	return nil, errors.ErrUnsupported
}

func (s sealed) Delete(context.Context, string) error {
	s.t.Error("Delete came through")
	return nil
}

func (s sealed) Swap(context.Context, string, string, []byte) (string, error) {
	s.t.Error("Swap came through")
	return "", nil
}

func TestNothingIsWritten(t *testing.T) {
	b := readonly.Wrap(sealed{new(mem.Backend), t})
	ctx := t.Context()
	_, created := b.Create(ctx, "a", nil)
	_, swapped := backend.Swap(ctx, b, "a", "", nil)
	for op, err := range map[string]error{
		"Create":    created,
		"Delete":    b.Delete(ctx, "a"),
		"DeleteAll": backend.DeleteAll(ctx, b, []string{"a"}),
		"Copy":      backend.Copy(ctx, b, "a", "b", nil),
		"Upload":    backend.Upload(ctx, b, "a", nil, strings.NewReader(""), 0),
		"Swap":      swapped,
	} {
		if !errors.Is(err, backend.ErrReadOnly) {
			t.Errorf("%s gives %v, want ErrReadOnly", op, err)
		}
	}
	if err := backend.Require(b, backend.Writing); !errors.Is(err, backend.ErrReadOnly) {
		t.Errorf("requiring writing gives %v, want ErrReadOnly", err)
	}
}

// TestNoMethodWrites would find a power that came later and writes.
func TestNoMethodWrites(t *testing.T) {
	spy := around.Wrap(new(mem.Backend), func(c *around.Call, do func() error) error {
		if c.Op.Changes() {
			t.Errorf("%s came through", c.Op)
		}
		return do()
	})
	for _, request := range powers.Requests(readonly.Wrap(spy)) {
		_ = request(t.Context(), "key") // whether it succeeds is not the question
	}
}
