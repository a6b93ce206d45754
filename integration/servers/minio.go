package servers

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"path/filepath"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// MinIO is a running MinIO. It is safe for use by many goroutines at once.
type MinIO struct {
	Endpoint             string // "http://127.0.0.1:34567"
	AccessKey, SecretKey string
	client               *minio.Client
	data                 string // the folder that its objects are in
}

var _ Witness = (*MinIO)(nil)

// StartMinIO runs MinIO on an empty temporary folder until the test ends.
func StartMinIO(t testing.TB) *MinIO {
	t.Helper()
	m := &MinIO{AccessKey: rand.Text(), SecretKey: rand.Text()}
	data, home := t.TempDir(), t.TempDir()
	m.data = data
	address := program{
		name: "minio",
		args: func(address string) []string {
			return []string{"server", "--quiet", "--address", address, "--certs-dir", home, data}
		},
		env: []string{"HOME=" + home, "MINIO_ROOT_USER=" + m.AccessKey, "MINIO_ROOT_PASSWORD=" + m.SecretKey,
			"MINIO_BROWSER=off", "MINIO_UPDATE=off"},
		// Another MinIO on this port would not know these credentials.
		ready: func(ctx context.Context, address string) error {
			client, err := m.dial(address)
			if err == nil {
				_, err = client.ListBuckets(ctx)
			}
			return err
		},
	}.start(t)
	client, err := m.dial(address)
	if err != nil {
		t.Fatal(err)
	}
	m.Endpoint, m.client = "http://"+address, client
	return m
}

func (m *MinIO) dial(address string) (*minio.Client, error) {
	return minio.New(address, &minio.Options{
		Creds:      credentials.NewStaticV4(m.AccessKey, m.SecretKey, ""),
		MaxRetries: 1,
	})
}

// MakeBucket makes a bucket.
func (m *MinIO) MakeBucket(ctx context.Context, bucket string) error {
	return m.client.MakeBucket(ctx, bucket, minio.MakeBucketOptions{})
}

// Put writes an object.
func (m *MinIO) Put(ctx context.Context, bucket, key string, data []byte) error {
	_, err := m.client.PutObject(ctx, bucket, key, bytes.NewReader(data), int64(len(data)), minio.PutObjectOptions{})
	return err
}

// Get reads an object.
func (m *MinIO) Get(ctx context.Context, bucket, key string) ([]byte, error) {
	object, err := m.client.GetObject(ctx, bucket, key, minio.GetObjectOptions{})
	if err != nil {
		return nil, err
	}
	defer object.Close()
	return io.ReadAll(object)
}

// Unfinished names the uploads that were begun, in any bucket, and neither completed
// nor aborted. It looks on the disk: asked by S3, MinIO lists those of a key that
// one knows, and of no other.
func (m *MinIO) Unfinished() ([]string, error) {
	return filepath.Glob(filepath.Join(m.data, ".minio.sys", "multipart", "*", "*"))
}

// AllowAll lets everybody do these things in the bucket, without credentials:
// "s3:GetObject".
func (m *MinIO) AllowAll(ctx context.Context, bucket string, actions ...string) error {
	policy, err := json.Marshal(map[string]any{
		"Version": "2012-10-17",
		"Statement": []map[string]any{{
			"Effect": "Allow", "Principal": map[string]any{"AWS": []string{"*"}}, "Action": actions,
			"Resource": []string{"arn:aws:s3:::" + bucket, "arn:aws:s3:::" + bucket + "/*"},
		}},
	})
	if err != nil {
		return err
	}
	return m.client.SetBucketPolicy(ctx, bucket, string(policy))
}

// UnfinishedOf returns how many multipart uploads of the key have neither been completed
// nor aborted. MinIO tells of none but those of a key that it is asked for.
func (m *MinIO) UnfinishedOf(ctx context.Context, bucket, key string) (int, error) {
	count := 0
	for upload := range m.client.ListIncompleteUploads(ctx, bucket, key, true) {
		if upload.Err != nil {
			return count, upload.Err
		}
		count++
	}
	return count, nil
}

// Abandon aborts the multipart uploads of the key.
func (m *MinIO) Abandon(ctx context.Context, bucket, key string) error {
	return m.client.RemoveIncompleteUpload(ctx, bucket, key)
}
