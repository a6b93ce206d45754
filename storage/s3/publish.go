package s3

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/cairnstate/cairn/storage/internal/cause"
)

const (
	tokenName   = "cairn-writer"
	contentType = "application/octet-stream"
)

func (w *writer) metadata() map[string]string { return map[string]string{tokenName: w.token} }

// ifNoneMatch is the condition of the publication, or nil.
func (w *writer) ifNoneMatch() *string {
	if !w.ifAbsent {
		return nil
	}
	return aws.String("*")
}

func (w *writer) signing() []func(*s3.Options) {
	if w.crc {
		return nil
	}
	return []func(*s3.Options){signPayload}
}

// publish sends what is left and makes the object be.
func (w *writer) publish() error {
	if w.upload == nil {
		return w.settle(w.put())
	}
	if err := w.upload.send(w.part); err != nil {
		return err
	}
	if err := w.upload.wait(); err != nil {
		return err
	}
	return w.settle(w.upload.complete())
}

// put publishes the only part.
func (w *writer) put() error {
	in := &s3.PutObjectInput{
		Bucket: &w.backend.bucket, Key: &w.key, Body: bytes.NewReader(w.part), ContentType: aws.String(contentType),
		Metadata: w.metadata(), IfNoneMatch: w.ifNoneMatch(),
	}
	if w.crc {
		in.ChecksumCRC32C, in.ChecksumAlgorithm = crc32c(w.part), types.ChecksumAlgorithmCrc32c
	}
	_, err := w.api.PutObject(w.ctx, in, append(w.signing(), repeatConflict)...)
	return err
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
func (w *writer) settle(err error) error {
	if err == nil || w.ctx.Err() != nil {
		return err
	}
	if _, unsent := errors.AsType[*credentialsError](err); unsent {
		return err
	}
	head, headErr := w.api.HeadObject(w.ctx, &s3.HeadObjectInput{Bucket: &w.backend.bucket, Key: &w.key})
	switch {
	case headErr == nil && head.Metadata[tokenName] == w.token:
		return nil
	case headErr == nil && w.ifAbsent:
		return cause.New("the object exists already", fs.ErrExist, err)
	case headErr == nil:
		return err
	case status(headErr) == http.StatusNotFound && status(err) == http.StatusPreconditionFailed:
		return cause.New("the object existed already, and is gone now", fs.ErrExist, err)
	case status(headErr) == http.StatusNotFound && status(err) == http.StatusConflict:
		return cause.New("another writer was publishing at this moment, and failed: write it again", nil, err)
	case status(headErr) == http.StatusNotFound:
		return err
	}
	return cause.New(fmt.Sprintf("%v; whether the object was written could not be found out: %v", explain(err), explain(headErr)), nil, err)
}

// status returns the HTTP status of the answer in err, or 0.
func status(err error) int {
	if answer, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		return answer.HTTPStatusCode()
	}
	return 0
}
