package backend

import (
	"context"
	"errors"
)

// Swapper is a Backend that replaces an object only if it is still the one that
// the caller has seen (compare-and-swap). Use [Swap].
type Swapper interface {
	// Swap makes data the content of the object if its [Info.Version] is old; the
	// empty version is that of an object that is not there. It returns the version
	// of the new content. The error is [ErrChanged] if the version is another, and
	// then nothing has changed. A lost answer is settled by reading. Two contents
	// never share a version, even if they are equal; how far that holds among swaps
	// that race, [Limits.SwapsByContent] says.
	Swap(ctx context.Context, key, old string, data []byte) (version string, err error)
}

// Swap replaces a small object if its version is old. Without the power it fails
// with [errors.ErrUnsupported], because look-then-write would let two succeed. Who
// must do without creates a new key for each state, numbered, with IfAbsent: the
// highest number is the state.
func Swap(ctx context.Context, b Backend, key, old string, data []byte) (version string, err error) {
	if swapper, ok := b.(Swapper); ok {
		return swapper.Swap(ctx, key, old, data)
	}
	return "", unsupported("swap", key)
}

func unsupported(op, key string) error {
	return &Error{Backend: "backend", Op: op, Key: key, Err: errors.ErrUnsupported}
}
