package backend

import (
	"context"
	"errors"
	"io"
)

// Copier is a Backend whose store copies an object without sending it through
// this process. Use [Copy].
type Copier interface {
	// Copy makes the object to be what from is, and publishes it as Commit does.
	// opts may be nil. The error is [errors.ErrUnsupported], and nothing has
	// happened, if the store cannot copy this object, or not with these options.
	Copy(ctx context.Context, from, to string, opts *CreateOptions) error
}

// Copy copies an object within the backend: in the store if it is a [Copier] that
// can, else by reading and writing it.
func Copy(ctx context.Context, b Backend, from, to string, opts *CreateOptions) error {
	if copier, ok := b.(Copier); ok {
		if err := copier.Copy(ctx, from, to, opts); !errors.Is(err, errors.ErrUnsupported) {
			return err
		}
	}
	r, err := b.Open(ctx, from, nil)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := b.Create(ctx, to, opts)
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := io.Copy(w, r); err != nil {
		return err
	}
	return w.Commit()
}
