package cdk

import (
	"context"
	"errors"
	"io/fs"

	"gocloud.dev/gcerrors"

	"github.com/cairnstate/cairn/storage/backend"
)

// cause is a driver's error in words that may be shown.
type cause struct {
	says string
	is   error // an fs sentinel, or nil
	err  error // the driver's
}

func (c *cause) Error() string { return c.says }

func (c *cause) Unwrap() []error {
	if c.is == nil {
		return []error{c.err}
	}
	return []error{c.is, c.err}
}

// fail returns the error of an operation, explained.
func (b *Backend) fail(op, key string, err error) error {
	return &backend.Error{Backend: b.root.Scheme, Op: op, Key: key, Root: b.root.String(), Err: explain(err)}
}

func explain(err error) error {
	if _, explained := errors.AsType[*cause](err); explained {
		return err
	}
	switch {
	case errors.Is(err, context.Canceled):
		return &cause{context.Canceled.Error(), nil, err}
	case errors.Is(err, context.DeadlineExceeded):
		return &cause{context.DeadlineExceeded.Error(), nil, err}
	}
	switch gcerrors.Code(err) {
	case gcerrors.NotFound:
		return &cause{"no such object", fs.ErrNotExist, err}
	case gcerrors.PermissionDenied:
		return &cause{"access denied: " + redact(err.Error()), fs.ErrPermission, err}
	}
	return &cause{redact(err.Error()), nil, err}
}
