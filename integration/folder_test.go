package integration_test

import (
	"context"
	"os"
	"path/filepath"

	"github.com/cairnstate/cairn/integration/servers"
)

// folder is the witness of the local disk: buckets are directories in it.
type folder string

var _ servers.Witness = folder("")

// MakeBucket makes a directory.
func (f folder) MakeBucket(_ context.Context, bucket string) error {
	return os.Mkdir(f.path(bucket, ""), 0o755)
}

// Put writes a file, and the directories above it.
func (f folder) Put(_ context.Context, bucket, key string, data []byte) error {
	path := f.path(bucket, key)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o644)
}

// Get reads a file.
func (f folder) Get(_ context.Context, bucket, key string) ([]byte, error) {
	return os.ReadFile(f.path(bucket, key))
}

func (f folder) path(bucket, key string) string {
	return filepath.Join(string(f), bucket, filepath.FromSlash(key))
}
