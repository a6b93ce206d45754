package faults_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/cairnstate/cairn/integration/servers"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/s3"
)

const bucket = "states"

// Every request that our plays make of S3 meets every fault.
func TestS3(t *testing.T) {
	m := servers.StartMinIO(t)
	if err := m.MakeBucket(t.Context(), bucket); err != nil {
		t.Fatal(err)
	}
	s := &service{
		name: "s3", protocol: protocol{nameS3, spendsS3, saysS3, mixedS3, withinS3, newTransport()}, endpoint: m.Endpoint,
		base: "far://" + bucket + "/case-%d", large: 5<<20 + 1000,
		secrets: []string{m.SecretKey, "Signature="},
		open: func(endpoint string) (backend.Backend, error) {
			root := backend.Root{Scheme: "s3", Authority: bucket, Params: url.Values{"endpoint": {endpoint}}}
			return s3.Open(context.Background(), root, &s3.Options{Config: hasty(m), PartSize: 5 << 20})
		},
		unfinished: func(ctx context.Context, paths []string) (left int, err error) {
			for _, path := range paths {
				key := strings.TrimPrefix(path, "/"+bucket+"/")
				n, listed := m.UnfinishedOf(ctx, bucket, key)
				left, err = left+n, errors.Join(err, listed)
				if n > 0 {
					err = errors.Join(err, m.Abandon(ctx, bucket, key))
				}
			}
			return left, err
		},
	}
	s.run(t)
}

// hasty is as patient as the SDK is by default, but does not wait long.
func hasty(m *servers.MinIO) *aws.Config {
	return &aws.Config{
		Region:      "us-east-1",
		Credentials: credentials.NewStaticCredentialsProvider(m.AccessKey, m.SecretKey, ""),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return time.Millisecond, nil })
				o.RateLimiter = ratelimit.None
			})
		},
	}
}

const beginUpload = "CreateMultipartUpload"

// nameS3 returns the name of the call.
func nameS3(r *http.Request) string {
	q := r.URL.Query()
	switch {
	case q.Has("uploads"):
		return beginUpload
	case q.Has("partNumber"):
		return "UploadPart " + q.Get("partNumber")
	case q.Has("uploadId") && r.Method == http.MethodPost:
		return "CompleteMultipartUpload"
	case q.Has("uploadId"):
		return "AbortMultipartUpload"
	case q.Has("delete"):
		return "DeleteObjects"
	case q.Has("list-type"):
		return "ListObjectsV2"
	}
	verb := map[string]string{"GET": "GetObject", "HEAD": "HeadObject", "PUT": "PutObject", "DELETE": "DeleteObject"}[r.Method]
	if strings.HasSuffix(r.URL.Path, "/_metadata") {
		verb += " _metadata"
	}
	return verb
}

func spendsS3(r *http.Request) bool {
	return r.Method == http.MethodPut || r.URL.Query().Has("uploads") || r.Method == http.MethodPost && r.URL.Query().Has("uploadId")
}

func saysS3(_ int, says string) (contentType, body string) {
	return "application/xml", fmt.Sprintf("<Error><Code>%s</Code><Message>by the proxy</Message></Error>", says)
}
