package gcs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"

	"cloud.google.com/go/storage"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/cause"
)

const tokenName = "cairn-writer"

// publication is an object that is to be, and how it is known again.
type publication struct {
	object  *storage.ObjectHandle
	token   string // in the object's metadata
	refusal error  // what it means if the store says that its condition does not hold; nil without one
	written int64  // how many bytes it has; negative if nobody counts
	// repeated says that a request was sent again because its answer did not come.
	repeated bool
}

// check compares the size of the object with what was written. A store that takes a
// chunk twice, since its answer got lost, makes it larger.
func (p *publication) check(size int64) error {
	if p.written >= 0 && size != p.written {
		return fmt.Errorf("the store made an object of %d bytes out of %d: it is damaged", size, p.written)
	}
	return nil
}

// settle finds out what became of a publication that returned err, by reading
// whose object is there, and returns its generation. A request is repeated when
// its answer did not come, so even a plain "no" may be the answer to the second of
// two requests.
func (p *publication) settle(ctx context.Context, err error) (int64, error) {
	if ctx.Err() != nil {
		return 0, err
	}
	attrs, attrsErr := p.object.Attrs(ctx)
	missing := errors.Is(attrsErr, storage.ErrObjectNotExist)
	refused := status(err) == http.StatusPreconditionFailed
	switch {
	case attrsErr == nil && attrs.Metadata[tokenName] == p.token:
		return attrs.Generation, p.check(attrs.Size)
	case attrsErr != nil && !missing:
		told := explain(err) // it keeps what the error means: nothing was found out beyond that
		return 0, cause.New(fmt.Sprintf("%v; whether the object was written could not be found out: %v", told, explain(attrsErr)), nil, told)
	case errors.Is(p.refusal, backend.ErrChanged) && refused && p.repeated:
		return 0, cause.New("the object was replaced, but whether before this or after could not be found out: an answer got lost", nil, err)
	case errors.Is(p.refusal, backend.ErrChanged) && refused:
		return 0, cause.New(backend.ErrChanged.Error(), backend.ErrChanged, err)
	case attrsErr == nil && errors.Is(p.refusal, fs.ErrExist):
		return 0, cause.New("the object exists already", fs.ErrExist, err)
	case errors.Is(p.refusal, fs.ErrExist) && refused:
		return 0, cause.New("the object existed already, and is gone now", fs.ErrExist, err)
	}
	return 0, err
}
