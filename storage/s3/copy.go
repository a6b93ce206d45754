package s3

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go/encoding/httpbinding"
	"golang.org/x/sync/errgroup"

	"github.com/cairnstate/cairn/storage/backend"
)

// copyPart is the least size of a part that the store copies.
const copyPart = 128 << 20

// Copy has the store copy the object: by one CopyObject; or in parts, if it is
// larger than 5 GiB, or with IfAbsent, since many stores heed that condition where
// an upload is completed and not where an object is copied.
func (b *Backend) Copy(ctx context.Context, from, to string, opts *backend.CreateOptions) error {
	if !backend.ValidKey(from) {
		return b.fail(ctx, "copy", from, errInvalidKey)
	}
	calls, err := b.beginWrite(ctx, "copy", to)
	if err != nil {
		return err
	}
	o := object{key: to, token: rand.Text()}
	if opts != nil && opts.IfAbsent {
		o.ifNoneMatch = "*"
		return b.copyInParts(ctx, calls, from, o)
	}
	err = calls.copy(ctx, from, o)
	switch {
	case err == nil:
		return nil
	case unimplemented(err):
		return b.fail(ctx, "copy", from, errors.ErrUnsupported)
	case status(err) == http.StatusBadRequest: // too large, perhaps
		return b.copyInParts(ctx, calls, from, o)
	case status(err) == http.StatusNotFound:
		return b.fail(ctx, "copy", from, err)
	}
	return b.failCopy(ctx, calls, o, err)
}

func (c *calls) copy(ctx context.Context, from string, o object) error {
	_, err := c.api.CopyObject(ctx, &s3.CopyObjectInput{
		Bucket: &c.bucket, Key: &o.key, CopySource: c.source(from), Metadata: metadata(o.token),
		MetadataDirective: types.MetadataDirectiveReplace, ContentType: aws.String(contentType),
	}, c.making)
	return err
}

// source names an object as a header that wants it encoded.
func (c *calls) source(key string) *string {
	return aws.String(httpbinding.EscapePath(c.bucket+"/"+key, false))
}

// failCopy returns the error of a copy, unless it was made all the same.
func (b *Backend) failCopy(ctx context.Context, calls *calls, o object, err error) error {
	if err = calls.settle(ctx, o, err); err != nil {
		return b.fail(ctx, "copy", o.key, err)
	}
	return nil
}

// copyInParts copies by a multipart upload.
func (b *Backend) copyInParts(ctx context.Context, calls *calls, from string, o object) error {
	source, err := calls.head(ctx, from)
	if err != nil {
		return b.fail(ctx, "copy", from, err)
	}
	if source.length == 0 || source.etag == "" { // no part is empty, and no two versions are mixed
		return b.fail(ctx, "copy", from, errors.ErrUnsupported)
	}
	out, err := calls.createUpload(ctx, o.key, o.token, proof{signed: true})
	if err != nil {
		return b.fail(ctx, "copy", o.key, err)
	}
	parts, err := calls.copyParts(ctx, from, source, o.key, *out.UploadId, b.options.Concurrency)
	if err == nil {
		_, err = calls.api.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
			Bucket: &b.bucket, Key: &o.key, UploadId: out.UploadId, IfNoneMatch: given(o.ifNoneMatch),
			MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
		})
		if err = calls.settle(ctx, o, err); err == nil {
			return nil
		}
	}
	switch {
	case unimplemented(err):
		err = errors.ErrUnsupported
	case status(err) == http.StatusPreconditionFailed && parts == nil:
		err = changed(err)
	}
	if abortErr := calls.abortUpload(ctx, o.key, *out.UploadId); abortErr != nil && !errors.Is(err, errors.ErrUnsupported) {
		err = errors.Join(explain(ctx, err), abortErr)
	}
	return b.fail(ctx, "copy", o.key, err)
}

// copyParts has the parts copied, some at once, or returns none of them.
func (c *calls) copyParts(ctx context.Context, from string, source *found, to, upload string, atOnce int) ([]types.CompletedPart, error) {
	size := max(copyPart, (source.length+maxParts-1)/maxParts)
	parts := make([]types.CompletedPart, (source.length+size-1)/size)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for i := range parts {
		first := int64(i) * size
		last := min(first+size, source.length) - 1
		parts[i].PartNumber = aws.Int32(int32(i + 1))
		group.Go(func() error {
			out, err := c.api.UploadPartCopy(ctx, &s3.UploadPartCopyInput{
				Bucket: &c.bucket, Key: &to, UploadId: &upload, PartNumber: parts[i].PartNumber,
				CopySource: c.source(from), CopySourceRange: aws.String(fmt.Sprintf("bytes=%d-%d", first, last)), CopySourceIfMatch: &source.etag,
			})
			if err == nil {
				parts[i].ETag = out.CopyPartResult.ETag
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return parts, nil
}
