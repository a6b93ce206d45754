package integration_test

import (
	"context"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"gocloud.dev/blob/memblob"

	"github.com/cairnstate/cairn/integration/servers"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/cdk"
	"github.com/cairnstate/cairn/storage/fs"
	"github.com/cairnstate/cairn/storage/gcs"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/prefix"
	"github.com/cairnstate/cairn/storage/s3"
)

// store is one that the conformance kit asks, and what is known of it from outside.
type store struct {
	name      string
	version   string                                             // of the server, if there is one
	connect   func(ctx context.Context) (backend.Backend, error) // each time anew
	reading   func(ctx context.Context) (backend.Backend, error) // with read-only=true; nil if it has no such parameter
	secrets   []string
	leftovers func(ctx context.Context, dir string) ([]string, error)
	several   int // a size in bytes that is written in several parts, if there are any
}

// stores are all that need nothing but what make servers builds.
func stores(t *testing.T) []store {
	t.Helper()
	return []store{fsStore(t), memStore(), memblobStore(t), minioStore(t), gcsStore(t)}
}

func fsStore(t *testing.T) store {
	t.Helper()
	dir := t.TempDir()
	return store{
		name:      "local folder",
		several:   1 << 20,
		connect:   func(context.Context) (backend.Backend, error) { return fs.New(dir) },
		reading:   func(ctx context.Context) (backend.Backend, error) { return readFolder(ctx, dir) },
		leftovers: func(context.Context, string) ([]string, error) { return filesBelow(dir) },
	}
}

// readFolder opens the whole machine to be read, and shows a folder of it.
func readFolder(ctx context.Context, dir string) (backend.Backend, error) {
	machine, err := fs.Open(ctx, backend.Root{Scheme: "file", Params: url.Values{"read-only": {"true"}}})
	if err != nil {
		return nil, err
	}
	return prefix.Wrap(machine, strings.TrimPrefix(filepath.ToSlash(dir), "/"))
}

// filesBelow returns all files, those included that the backend does not list.
func filesBelow(dir string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if os.IsNotExist(err) {
			return nil
		}
		if err == nil && !entry.IsDir() {
			files = append(files, path)
		}
		return err
	})
	return files, err
}

func memStore() store {
	one := new(mem.Backend)
	return store{
		name:      "memory",
		several:   1 << 20,
		connect:   func(context.Context) (backend.Backend, error) { return one, nil },
		leftovers: func(context.Context, string) ([]string, error) { return one.Unfinished(), nil },
	}
}

// memblobStore is one bucket in memory. Whoever closes a connection to it must not
// close it for the others.
func memblobStore(t *testing.T) store {
	t.Helper()
	one := cdk.New(memblob.OpenBucket(nil), backend.Root{Scheme: "mem", Authority: "demo"})
	t.Cleanup(func() { one.Close() })
	return store{name: "gocloud memblob", several: 1 << 20, connect: func(context.Context) (backend.Backend, error) { return unclosed{one}, nil }}
}

// unclosed is a backend that others use, too. It hides the powers of none: cdk's
// are found through it.
type unclosed struct{ *cdk.Backend }

func (unclosed) Close() error { return nil }

func minioStore(t *testing.T) store {
	t.Helper()
	s := minioStoreOf(startS3(t), "MinIO", nil)
	s.version = pinned(t, "MINIO_VERSION")
	return s
}

func minioStoreOf(m *servers.MinIO, name string, params url.Values) store {
	root := backend.Root{Scheme: "s3", Authority: "states", Params: url.Values{"endpoint": {m.Endpoint}}}
	for param, values := range params {
		root.Params[param] = values
	}
	opts := &s3.Options{PartSize: 5 << 20, Config: &aws.Config{
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: m.AccessKey, SecretAccessKey: m.SecretKey}, nil
		}),
	}}
	return store{
		name:      name,
		several:   6 << 20,
		connect:   func(ctx context.Context) (backend.Backend, error) { return s3.Open(ctx, root, opts) },
		reading:   func(ctx context.Context) (backend.Backend, error) { return s3.Open(ctx, toRead(root), opts) },
		secrets:   []string{m.SecretKey},
		leftovers: func(context.Context, string) ([]string, error) { return m.Unfinished() },
	}
}

// gcsStore names no leftovers: neither Google's store nor the emulator lists uploads
// that were begun.
func gcsStore(t *testing.T) store {
	t.Helper()
	g := startGCS(t)
	root := backend.Root{Scheme: "gs", Authority: "states", Params: url.Values{"endpoint": {g.Endpoint}}}
	return store{
		name:    "GCS emulator",
		version: "fake-gcs-server " + pinned(t, "GCS_VERSION"),
		several: 3 << 20,
		connect: func(ctx context.Context) (backend.Backend, error) {
			return gcs.Open(ctx, root, &gcs.Options{ChunkSize: 1 << 20})
		},
		reading: func(ctx context.Context) (backend.Backend, error) { return gcs.Open(ctx, toRead(root), nil) },
	}
}

// toRead is the root with read-only=true.
func toRead(root backend.Root) backend.Root {
	root.Params = maps.Clone(root.Params)
	root.Params.Set("read-only", "true")
	return root
}

// under returns the store with each connection to it wrapped.
func (s store) under(w wrapper) store {
	bare := s.connect
	s.name += " under " + w.name
	s.connect = func(ctx context.Context) (backend.Backend, error) {
		b, err := bare(ctx)
		if err != nil {
			return nil, err
		}
		return w.wrap(b)
	}
	return s
}

// file is the name of the store in a test's name.
func (s store) file() string { return strings.ReplaceAll(s.name, " ", "-") }
