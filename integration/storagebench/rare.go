package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/minio/minio-go/v7"
	"golang.org/x/sync/errgroup"

	"github.com/cairnstate/cairn/storage/backend"
)

// rarely is a library that does what is done now and then.
type rarely interface {
	discard(ctx context.Context, prefix string) error
	partitions(ctx context.Context, size int64) error
}

// rare does what is done now and then, and not in bulk.
func rare(ctx context.Context, name, discipline string, args []string) error {
	if discipline == "publish" {
		n, err := strconv.Atoi(args[1])
		if err != nil {
			return err
		}
		return publish(ctx, args[0], n)
	}
	l, err := open(ctx, name, false)
	if err != nil {
		return err
	}
	own, ok := l.(rarely)
	if !ok {
		return errNotDone
	}
	if discipline == "discard" {
		return own.discard(ctx, args[0])
	}
	size, err := strconv.ParseInt(args[0], 10, 64)
	if err != nil {
		return err
	}
	return own.partitions(ctx, size)
}

// discard lists the objects and deletes each thousand while it lists the next, as
// package storage does.
func (c cairn) discard(ctx context.Context, prefix string) error {
	group, ctx := errgroup.WithContext(ctx)
	var keys []string
	for info, err := range c.List(ctx, prefix) {
		if err != nil {
			return err
		}
		if keys = append(keys, info.Key); len(keys) == 1000 {
			batch := keys
			keys = nil
			group.Go(func() error { return backend.DeleteAll(ctx, c.Backend, batch) })
		}
	}
	group.Go(func() error { return backend.DeleteAll(ctx, c.Backend, keys) })
	return group.Wait()
}

// discard lists the objects and deletes them.
func (m minioGo) discard(ctx context.Context, prefix string) error {
	objects := m.ListObjects(ctx, bucket, minio.ListObjectsOptions{Prefix: prefix + "/", Recursive: true})
	for failed := range m.RemoveObjects(ctx, bucket, objects, minio.RemoveObjectsOptions{}) {
		return failed.Err
	}
	return nil
}

// publish makes small objects that must not be there, in turns with each client,
// and prints the median of each in microseconds.
func publish(ctx context.Context, prefix string, n int) error {
	c, err := openCairn(ctx, false)
	if err != nil {
		return err
	}
	m, err := openMinIO(false)
	if err != nil {
		return err
	}
	sdk, err := awsClient(ctx, false)
	if err != nil {
		return err
	}
	content := make([]byte, 4<<10)
	ways := []struct {
		name string
		do   func(key string) error
	}{
		{"bare", func(key string) error { return bare(ctx, key, content) }},
		{"cairn", func(key string) error { return c.(cairn).publish(ctx, key, content) }},
		{"minio-go", func(key string) error { return m.(minioGo).publish(ctx, key, content) }},
		{"aws-sdk", func(key string) error {
			_, err := sdk.PutObject(ctx, &awss3.PutObjectInput{Bucket: aws.String(bucket), Key: &key, Body: bytes.NewReader(content), IfNoneMatch: aws.String("*")})
			return err
		}},
	}
	taken := make([][]time.Duration, len(ways))
	for i := range n {
		for j, way := range ways {
			start := time.Now()
			if err := way.do(fmt.Sprintf("%s/%s-%d", prefix, way.name, i)); err != nil {
				return fmt.Errorf("%s: %w", way.name, err)
			}
			taken[j] = append(taken[j], time.Since(start))
		}
	}
	for j, way := range ways {
		slices.Sort(taken[j])
		fmt.Fprintf(os.Stdout, "%s %d\n", way.name, taken[j][n/2].Microseconds())
	}
	return nil
}

func (c cairn) publish(ctx context.Context, key string, content []byte) error {
	w, err := c.Create(ctx, key, &backend.CreateOptions{IfAbsent: true})
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := w.Write(content); err != nil {
		return err
	}
	return w.Commit()
}

func (m minioGo) publish(ctx context.Context, key string, content []byte) error {
	opts := minio.PutObjectOptions{}
	opts.SetMatchETagExcept("*")
	_, err := m.PutObject(ctx, bucket, key, bytes.NewReader(content), int64(len(content)), opts)
	return err
}

// bare is one conditional PUT, signed, with nothing around it.
func bare(ctx context.Context, key string, content []byte) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPut, endpoint()+"/"+bucket+"/"+key, bytes.NewReader(content))
	if err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	hash := hex.EncodeToString(sum[:])
	r.Header.Set("If-None-Match", "*")
	r.Header.Set("X-Amz-Content-Sha256", hash)
	own := aws.Credentials{AccessKeyID: accessKey, SecretAccessKey: secretKey}
	if err := v4.NewSigner().SignHTTP(ctx, own, r, hash, "s3", "us-east-1", time.Now()); err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil || response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %w", response.Status, err)
	}
	return nil
}
