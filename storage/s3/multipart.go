package s3

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"golang.org/x/sync/errgroup"
)

const (
	maxParts     = 10_000
	growEvery    = 1_000 // parts, after which they get larger
	abortTimeout = 30 * time.Second
)

// upload is a multipart upload. Its methods are for one goroutine; the parts
// travel on others, which abort and complete wait for.
type upload struct {
	w      *writer
	id     *string
	proof  proof           // of all parts
	ctx    context.Context // done when a part failed
	cancel context.CancelFunc
	group  *errgroup.Group
	places chan struct{}          // one for each part in memory
	parts  []*types.CompletedPart // each filled in by its goroutine
}

// begin begins an upload. A store of whose checksums nothing is known says now
// whether it wants one with each part.
func (w *writer) begin() (*upload, error) {
	proof := w.calls.proof()
	out, err := w.calls.createUpload(w.ctx, w.key, w.token, proof)
	if err != nil && w.calls.refused(proof, err) {
		proof = w.calls.proof()
		out, err = w.calls.createUpload(w.ctx, w.key, w.token, proof)
	}
	if err != nil {
		return nil, err
	}
	w.calls.learn(proof, out.ChecksumAlgorithm == types.ChecksumAlgorithmCrc32c)
	ctx, cancel := context.WithCancel(w.ctx)
	group, ctx := errgroup.WithContext(ctx)
	u := &upload{
		w: w, id: out.UploadId, proof: w.calls.proof(), ctx: ctx, cancel: cancel, group: group,
		places: make(chan struct{}, w.backend.options.Concurrency),
	}
	u.places <- struct{}{} // of the part that there is
	return u, nil
}

func (c *calls) createUpload(ctx context.Context, key, token string, proof proof) (*s3.CreateMultipartUploadOutput, error) {
	in := &s3.CreateMultipartUploadInput{
		Bucket: &c.bucket, Key: &key, Metadata: metadata(token), ContentType: aws.String(contentType),
	}
	if proof.crc {
		in.ChecksumAlgorithm = types.ChecksumAlgorithmCrc32c
	}
	return c.api.CreateMultipartUpload(ctx, in, proof.apply, c.making)
}

// send uploads the part, which it owns from now on.
func (u *upload) send(part []byte, sum uint32) error {
	err := u.add(func(number int32) (types.CompletedPart, error) {
		defer func() { <-u.places }()
		done, free, err := u.put(number, inMemory(part), sum)
		if err != nil || !free {
			u.w.backend.buffers.drop(part)
		} else {
			u.w.backend.buffers.put(part)
		}
		return done, err
	})
	if err != nil {
		u.w.backend.buffers.drop(part)
	}
	return err
}

// add has a goroutine send one more part.
func (u *upload) add(send func(number int32) (types.CompletedPart, error)) error {
	if u.ctx.Err() != nil {
		return u.wait()
	}
	if len(u.parts) == maxParts {
		return fmt.Errorf("the object is larger than %d parts: raise Options.PartSize", maxParts)
	}
	done := &types.CompletedPart{}
	u.parts = append(u.parts, done)
	number := int32(len(u.parts))
	u.group.Go(func() (err error) {
		*done, err = send(number)
		return err
	})
	return nil
}

// put sends a part. free says that nobody reads what is in memory any more.
func (u *upload) put(number int32, s source, sum uint32) (done types.CompletedPart, free bool, err error) {
	o := object{key: u.w.key, source: s, sum: sum, proof: u.proof}
	out, err := u.w.calls.putPart(u.ctx, *u.id, number, o)
	done = types.CompletedPart{PartNumber: &number, ETag: &out.etag}
	if u.proof.crc {
		done.ChecksumCRC32C = o.crc32c()
	}
	return done, out.free, err
}

// next waits until there is place for one more part in memory, and returns it.
func (u *upload) next() ([]byte, error) {
	select {
	case u.places <- struct{}{}:
		return u.w.backend.buffers.get(u.w.partSize()), nil
	case <-u.ctx.Done():
		return nil, u.wait()
	}
}

// wait waits for the parts that travel, and returns the first error.
func (u *upload) wait() error {
	err := u.group.Wait()
	if err == nil { // nobody failed, so the writer's context ended
		err = u.w.ctx.Err()
	}
	return err
}

// complete makes the object be.
func (u *upload) complete() error {
	defer u.cancel()
	parts := make([]types.CompletedPart, len(u.parts))
	for i, part := range u.parts {
		parts[i] = *part
	}
	_, err := u.w.calls.api.CompleteMultipartUpload(u.w.ctx, &s3.CompleteMultipartUploadInput{
		Bucket: &u.w.backend.bucket, Key: &u.w.key, UploadId: u.id,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: parts}, IfNoneMatch: given(u.w.conditions.ifNoneMatch),
	})
	return err
}

// abort removes the parts. That the upload is gone is what was wanted, be it that
// its completion had arrived although nobody heard of it.
func (u *upload) abort() error {
	u.cancel()
	_ = u.group.Wait() // the parts are to vanish, whatever became of them
	return u.w.calls.abortUpload(u.w.ctx, u.w.key, *u.id)
}

// abortUpload removes the parts of an upload, although the context may be done.
func (c *calls) abortUpload(ctx context.Context, key, id string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), abortTimeout)
	defer cancel()
	_, err := c.api.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: &c.bucket, Key: &key, UploadId: &id})
	if _, gone := errors.AsType[*types.NoSuchUpload](err); err == nil || gone {
		return nil
	}
	return fmt.Errorf("the parts of upload %s are left behind and cost money until it is aborted: %w", id, explain(ctx, err))
}
