package gcs

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"

	"cloud.google.com/go/storage"

	"github.com/cairnstate/cairn/storage/internal/cause"
)

const tokenName = "cairn-writer"

// settle finds out what became of a publication that returned err, by reading
// whose object is there. A request is repeated when its answer did not come, so
// even a plain "no" may be the answer to the second of two requests.
func (w *writer) settle(err error) error {
	if err == nil || w.ctx.Err() != nil {
		return err
	}
	attrs, attrsErr := w.object.Attrs(w.ctx)
	missing := errors.Is(attrsErr, storage.ErrObjectNotExist)
	switch {
	case attrsErr == nil && attrs.Metadata[tokenName] == w.token:
		return nil
	case attrsErr == nil && w.ifAbsent:
		return cause.New("the object exists already", fs.ErrExist, err)
	case attrsErr == nil:
		return err
	case missing && status(err) == http.StatusPreconditionFailed:
		return cause.New("the object existed already, and is gone now", fs.ErrExist, err)
	case missing:
		return err
	}
	return cause.New(fmt.Sprintf("%v; whether the object was written could not be found out: %v", explain(err), explain(attrsErr)), nil, err)
}
