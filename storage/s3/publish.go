package s3

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/cause"
)

const (
	tokenName   = "cairn-writer"
	contentType = "application/octet-stream"
)

func metadata(token string) map[string]string { return map[string]string{tokenName: token} }

// publish sends what is left and makes the object be.
func (w *writer) publish() error {
	o := object{key: w.key, source: inMemory(w.part), sum: w.sum, token: w.token, conditions: w.conditions}
	if w.upload == nil {
		out, err := w.calls.create(w.ctx, o)
		if out.free {
			w.backend.buffers.put(w.part)
		} else {
			w.backend.buffers.drop(w.part)
		}
		w.part = nil
		return w.calls.settle(w.ctx, o, err)
	}
	if err := w.send(); err != nil {
		return err
	}
	if err := w.upload.wait(); err != nil {
		return err
	}
	return w.calls.settle(w.ctx, o, w.upload.complete())
}

// create makes an object in one request; in two if the store turns out to know no
// checksums.
func (c *calls) create(ctx context.Context, o object) (sent, error) {
	o.proof = c.proof()
	out, err := c.put(ctx, o)
	if err != nil && c.refused(o.proof, err) {
		o.proof = c.proof()
		out, err = c.put(ctx, o)
	}
	if err == nil {
		c.learn(o.proof, out.echoed)
	}
	return out, err
}

// repeatConflict repeats a PutObject that S3 answered with 409 as another writer
// was publishing at that moment: it asks for just that. The repetition finds the
// other's object, or none.
func repeatConflict(o *s3.Options) {
	o.Retryer = retry.AddWithErrorCodes(o.Retryer, "ConditionalRequestConflict")
}

// settle finds out what became of a publication that returned err, by reading
// whose object is there. The SDK repeats a request whose answer it did not get,
// so even a plain "no" may be the answer to the second of two requests.
func (c *calls) settle(ctx context.Context, o object, err error) error {
	if err == nil || ctx.Err() != nil || isSourceError(err) {
		return err
	}
	if _, unsent := errors.AsType[*credentialsError](err); unsent {
		return err
	}
	there, headErr := c.head(ctx, o.key)
	switch {
	case headErr == nil && there.token == o.token:
		return nil
	case headErr == nil:
		return o.refusal(err)
	case status(headErr) != http.StatusNotFound:
		told := explain(ctx, err) // it keeps what the error means: nothing was found out beyond that
		return cause.New(fmt.Sprintf("%v; whether the object was written could not be found out: %v", told, explain(ctx, headErr)), nil, told)
	case o.ifMatch != "":
		return o.refusal(err)
	case status(err) == http.StatusPreconditionFailed:
		return cause.New("the object existed already, and is gone now", fs.ErrExist, err)
	case status(err) == http.StatusConflict:
		return cause.New("another writer was publishing at this moment, and failed: write it again", backend.ErrTransient, err)
	}
	return err
}

// refusal is the error of a publication that was not made, while what is there
// is another's, or nothing.
func (o object) refusal(err error) error {
	switch code := status(err); {
	case o.ifNoneMatch != "":
		return cause.New("the object exists already", fs.ErrExist, err)
	case o.ifMatch != "" && (code == http.StatusPreconditionFailed || code == http.StatusNotFound || code == http.StatusConflict):
		return cause.New(backend.ErrChanged.Error(), backend.ErrChanged, err)
	}
	return err
}

// status returns the HTTP status of the answer in err, or 0.
func status(err error) int {
	if answer, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		return answer.HTTPStatusCode()
	}
	return 0
}
