// Package cause turns the errors of SDKs, which are lines of wrapping around one
// fact, into that fact. What a backend says is then one line for people, while
// errors.Is finds the fs sentinels, and errors.As the SDK's own error.
package cause

import (
	"context"
	"errors"
)

// Error is what a person needs to know of an SDK's error.
type Error struct {
	says string
	is   error // an fs sentinel, or nil
	err  error // the SDK's
}

// New returns an error that says what to know of err. is may be nil, or a
// sentinel that errors.Is finds beside err.
func New(says string, is, err error) error { return &Error{says, is, err} }

// Error returns what to know.
func (e *Error) Error() string { return e.says }

// Unwrap returns the sentinel and the SDK's error.
func (e *Error) Unwrap() []error {
	if e.is == nil {
		return []error{e.err}
	}
	return []error{e.is, e.err}
}

// Explain returns err as it is if it was explained before, short if it says that
// the caller gave up, and else what explain makes of it.
func Explain(err error, explain func(error) error) error {
	if _, explained := errors.AsType[*Error](err); explained {
		return err
	}
	for _, end := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, end) {
			return New(end.Error(), nil, err)
		}
	}
	return explain(err)
}
