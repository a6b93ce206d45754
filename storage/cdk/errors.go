package cdk

import (
	"io/fs"

	"gocloud.dev/gcerrors"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/cause"
)

// fail returns the error of an operation, explained.
func (b *Backend) fail(op, key string, err error) error {
	return &backend.Error{Backend: b.root.Scheme, Op: op, Key: key, Root: b.root.String(), Err: explain(err)}
}

func explain(err error) error { return cause.Explain(err, explainDriver) }

func explainDriver(err error) error {
	switch gcerrors.Code(err) {
	case gcerrors.NotFound:
		return cause.New("no such object", fs.ErrNotExist, err)
	case gcerrors.PermissionDenied:
		return cause.New("access denied: "+redact(err.Error()), fs.ErrPermission, err)
	}
	return cause.New(redact(err.Error()), nil, err)
}
