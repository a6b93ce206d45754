package s3

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
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
	whenRequired = aws.RequestChecksumCalculationWhenRequired
)

// upload is a multipart upload. Its methods are for one goroutine; the parts
// travel on others, which abort and complete wait for.
type upload struct {
	w      *writer
	id     *string
	ctx    context.Context // done when a part failed
	cancel context.CancelFunc
	group  *errgroup.Group
	parts  []*types.CompletedPart // each filled in by its goroutine
	free   chan []byte            // buffers of parts that have arrived
}

// begin begins an upload.
func (w *writer) begin() (*upload, error) {
	in := &s3.CreateMultipartUploadInput{
		Bucket: &w.backend.bucket, Key: &w.key, Metadata: w.metadata(), ContentType: aws.String(contentType),
	}
	if w.crc {
		in.ChecksumAlgorithm = types.ChecksumAlgorithmCrc32c
	}
	out, err := w.api.CreateMultipartUpload(w.ctx, in)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(w.ctx)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(w.backend.options.Concurrency)
	return &upload{
		w: w, id: out.UploadId, ctx: ctx, cancel: cancel, group: group,
		free: make(chan []byte, w.backend.options.Concurrency),
	}, nil
}

// send uploads the part, which it owns from now on, and waits until it may.
func (u *upload) send(part []byte) error {
	if u.ctx.Err() != nil {
		return u.wait()
	}
	if len(u.parts) == maxParts {
		return fmt.Errorf("the object is larger than %d parts: raise Options.PartSize", maxParts)
	}
	done := &types.CompletedPart{PartNumber: aws.Int32(int32(len(u.parts) + 1))}
	u.parts = append(u.parts, done)
	u.group.Go(func() error { return u.sendPart(part, done) })
	return nil
}

func (u *upload) sendPart(part []byte, done *types.CompletedPart) error {
	in := &s3.UploadPartInput{
		Bucket: &u.w.backend.bucket, Key: &u.w.key, UploadId: u.id,
		PartNumber: done.PartNumber, Body: bytes.NewReader(part),
	}
	if u.w.crc {
		in.ChecksumCRC32C, in.ChecksumAlgorithm = crc32c(part), types.ChecksumAlgorithmCrc32c
	}
	out, err := u.w.api.UploadPart(u.ctx, in, u.w.signing()...)
	if err != nil {
		return err
	}
	done.ETag, done.ChecksumCRC32C = out.ETag, in.ChecksumCRC32C
	select {
	case u.free <- part[:0]:
	default: // enough of them wait
	}
	return nil
}

// buffer returns an empty buffer for the next part.
func (u *upload) buffer(size int) []byte {
	select {
	case free := <-u.free:
		return free
	default:
		return make([]byte, 0, size)
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
	_, err := u.w.api.CompleteMultipartUpload(u.w.ctx, &s3.CompleteMultipartUploadInput{
		Bucket: &u.w.backend.bucket, Key: &u.w.key, UploadId: u.id,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: parts}, IfNoneMatch: u.w.ifNoneMatch(),
	})
	return err
}

// abort removes the parts. That the upload is gone is what was wanted, be it that
// its completion had arrived although nobody heard of it.
func (u *upload) abort() error {
	u.cancel()
	_ = u.group.Wait() // the parts are to vanish, whatever became of them
	ctx, cancel := context.WithTimeout(context.WithoutCancel(u.w.ctx), abortTimeout)
	defer cancel()
	_, err := u.w.api.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{
		Bucket: &u.w.backend.bucket, Key: &u.w.key, UploadId: u.id,
	})
	if _, gone := errors.AsType[*types.NoSuchUpload](err); err == nil || gone {
		return nil
	}
	return fmt.Errorf("the parts of upload %s are left behind and cost money until it is aborted: %w", *u.id, explain(err))
}

// crc32c returns the checksum as S3 writes it.
func crc32c(part []byte) *string {
	sum := binary.BigEndian.AppendUint32(nil, crc32.Checksum(part, crc32.MakeTable(crc32.Castagnoli)))
	return aws.String(base64.StdEncoding.EncodeToString(sum))
}
