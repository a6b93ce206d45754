package s3

import (
	"context"
	"io"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// calls are the requests that a bucket's backend makes. The four frequent ones
// take the short way if there is one; what they cannot finish, and all others, go
// through the SDK.
type calls struct {
	api     *s3.Client
	bucket  string
	headers map[string]string // of each request that makes an object
	trust   atomic.Int32      // a trust
	ours    int               // of the client's APIOptions, how many are

	mu    sync.Mutex
	known bool  // guarded by mu; whether the short way was looked for
	way   *fast // guarded by mu; nil if there is none
}

func newCalls(api *s3.Client, bucket string, options Options, trust trust) *calls {
	c := &calls{api: api, bucket: bucket, headers: options.headers()}
	c.trust.Store(int32(trust))
	return c
}

// short returns the short way, or nil. It is looked for until the SDK gets as far
// as sending a request.
func (c *calls) short(ctx context.Context) *fast {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.known {
		c.way, c.known = learn(ctx, c.api, c.bucket, c.ours)
	}
	return c.way
}

// get asks for an object, or a range of it, of the version with this entity tag.
// All but the key may be empty.
func (c *calls) get(ctx context.Context, key, byteRange, etag string) (*found, error) {
	in := &s3.GetObjectInput{Bucket: &c.bucket, Key: &key, Range: given(byteRange), IfMatch: given(etag)}
	way := c.short(ctx)
	if way == nil {
		return foundBy(c.api.GetObject(ctx, in))
	}
	response, err := way.get(ctx, http.MethodGet, key, byteRange, etag)
	if err == nil && (response.StatusCode == http.StatusOK || response.StatusCode == http.StatusPartialContent) {
		return foundIn(response)
	}
	return foundBy(c.api.GetObject(ctx, in, after(response, err)))
}

// head asks what an object is.
func (c *calls) head(ctx context.Context, key string) (*found, error) {
	in := &s3.HeadObjectInput{Bucket: &c.bucket, Key: &key}
	way := c.short(ctx)
	if way == nil {
		return describedBy(c.api.HeadObject(ctx, in))
	}
	response, err := way.get(ctx, http.MethodHead, key, "", "")
	if err == nil && response.StatusCode == http.StatusOK {
		response.Body.Close()
		return foundIn(response)
	}
	return describedBy(c.api.HeadObject(ctx, in, after(response, err)))
}

// object is what is to be made.
type object struct {
	key string
	source
	sum   uint32 // the CRC-32C of the source
	token string // of the writer
	conditions
	proof proof
}

// conditions are what a publication depends on; empty ones are none.
type conditions struct{ ifNoneMatch, ifMatch string }

// sent is what came of an upload.
type sent struct {
	etag, version string
	echoed        bool // the store answered with the checksum that it was sent
	free          bool // nobody reads the data any more
}

// put makes an object, in one request.
func (c *calls) put(ctx context.Context, o object) (sent, error) {
	way := c.short(ctx)
	if way == nil {
		return c.putBySDK(ctx, o)
	}
	response, free, err := way.put(ctx, o, c.headers)
	if isSourceError(err) {
		return sent{free: free}, err
	}
	if err == nil && response.StatusCode == http.StatusOK {
		return sentIn(response, o.proof, free), nil
	}
	return c.putBySDK(ctx, o, after(response, err))
}

func (c *calls) putBySDK(ctx context.Context, o object, more ...func(*s3.Options)) (sent, error) {
	body := &body{source: o.source}
	defer body.Close()
	in := &s3.PutObjectInput{
		Bucket: &c.bucket, Key: &o.key, Body: struct{ io.ReadSeeker }{body}, ContentType: aws.String(contentType),
		Metadata: metadata(o.token), IfNoneMatch: given(o.ifNoneMatch), IfMatch: given(o.ifMatch),
	}
	if o.proof.crc {
		in.ChecksumCRC32C, in.ChecksumAlgorithm = o.crc32c(), types.ChecksumAlgorithmCrc32c
	}
	out, err := c.api.PutObject(ctx, in, append(more, o.proof.apply, c.making, repeatConflict)...)
	if err != nil {
		return sent{}, err
	}
	return sent{etag: aws.ToString(out.ETag), version: aws.ToString(out.VersionId), echoed: out.ChecksumCRC32C != nil}, nil
}

// putPart makes a part of an upload; the key and the data are those of the object.
func (c *calls) putPart(ctx context.Context, upload string, number int32, o object) (sent, error) {
	way := c.short(ctx)
	if way == nil {
		return c.putPartBySDK(ctx, upload, number, o)
	}
	response, free, err := way.putPart(ctx, upload, number, o)
	if isSourceError(err) {
		return sent{free: free}, err
	}
	if err == nil && response.StatusCode == http.StatusOK {
		return sentIn(response, o.proof, free), nil
	}
	return c.putPartBySDK(ctx, upload, number, o, after(response, err))
}

func (c *calls) putPartBySDK(ctx context.Context, upload string, number int32, o object, more ...func(*s3.Options)) (sent, error) {
	body := &body{source: o.source}
	defer body.Close()
	in := &s3.UploadPartInput{
		Bucket: &c.bucket, Key: &o.key, UploadId: &upload, PartNumber: &number, Body: struct{ io.ReadSeeker }{body},
	}
	if o.proof.crc {
		in.ChecksumCRC32C, in.ChecksumAlgorithm = o.crc32c(), types.ChecksumAlgorithmCrc32c
	}
	out, err := c.api.UploadPart(ctx, in, append(more, o.proof.apply)...)
	if err != nil {
		return sent{}, err
	}
	return sent{etag: aws.ToString(out.ETag)}, nil
}

// making adds to a request that makes an object what the options say of all.
func (c *calls) making(o *s3.Options) {
	for name, value := range c.headers {
		o.APIOptions = append(o.APIOptions, smithyhttp.SetHeaderValue(name, value))
	}
}

// given returns the text for the SDK, or nil if it is empty.
func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
