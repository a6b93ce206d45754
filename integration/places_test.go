package integration_test

import (
	"context"
	"net/url"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"golang.org/x/sync/errgroup"

	"github.com/cairnstate/cairn/integration/servers"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fs"
	"github.com/cairnstate/cairn/storage/gcs"
	"github.com/cairnstate/cairn/storage/s3"
)

// bucket holds testdata/flink in each store.
const bucket = "flink"

// place is somewhere that holds testdata/flink.
type place struct {
	name    string // "s3a"
	root    string // "s3a://flink": what the case's names are below
	store   string // a location that allows nothing, and configures the store: "s3://flink/nothing?endpoint=…"
	opener  *backend.Registry
	witness servers.Witness
}

// places are the local disk, MinIO by two of its names, and the emulator of GCS,
// each with testdata/flink in it, put there by the witnesses.
func places(t *testing.T) []place {
	t.Helper()
	minio, gcs := servers.StartMinIO(t), servers.StartGCS(t)
	all := []place{disk(t), minioPlace(minio, minio.Endpoint, "s3"), gcsPlace(gcs, gcs.Endpoint)}
	for _, p := range all {
		fill(t, p.witness)
	}
	return append(all, minioPlace(minio, minio.Endpoint, "s3a"))
}

func disk(t *testing.T) place {
	t.Helper()
	dir := folder(t.TempDir())
	registry := new(backend.Registry)
	registry.Register(fs.Open, "file")
	// One slash: as Flink prints local paths, whatever form the user gave.
	return place{name: "disk", root: "file:" + filepath.ToSlash(string(dir)) + "/" + bucket, opener: registry, witness: dir}
}

// minioPlace is MinIO, or a proxy before it, at endpoint.
func minioPlace(m *servers.MinIO, endpoint, scheme string) place {
	registry := new(backend.Registry)
	registry.Register(s3.Opener(&s3.Options{Config: &aws.Config{
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: m.AccessKey, SecretAccessKey: m.SecretKey}, nil
		}),
	}}), s3.Schemes()...)
	return place{
		name:    scheme,
		root:    scheme + "://" + bucket,
		store:   "s3://" + bucket + "/nothing?endpoint=" + url.QueryEscape(endpoint),
		opener:  registry,
		witness: m,
	}
}

// gcsPlace is the emulator, or a proxy before it, at endpoint.
func gcsPlace(g *servers.GCS, endpoint string) place {
	registry := new(backend.Registry)
	registry.Register(gcs.Opener(nil), gcs.Schemes()...)
	return place{
		name:    "gs",
		root:    "gs://" + bucket,
		store:   "gs://" + bucket + "/nothing?endpoint=" + url.QueryEscape(endpoint),
		opener:  registry,
		witness: g,
	}
}

// fill puts testdata/flink into the store.
func fill(t *testing.T, witness servers.Witness) {
	t.Helper()
	if err := witness.MakeBucket(t.Context(), bucket); err != nil {
		t.Fatal(err)
	}
	var puts errgroup.Group
	puts.SetLimit(16)
	for _, c := range flinkCases(t) {
		for name, data := range c.files(t) {
			puts.Go(func() error { return witness.Put(t.Context(), bucket, c.name+"/"+name, data) })
		}
	}
	if err := puts.Wait(); err != nil {
		t.Fatal(err)
	}
}

// open returns the storage of the place. Absolute paths of the case lead to where
// the case is now, and nothing else is allowed.
func (p *place) open(t *testing.T, c *flinkCase) *storage.BackendStorage {
	t.Helper()
	opts := &storage.Options{Relocate: []storage.Relocation{{From: c.MadeAt, To: p.root + "/" + c.name}}}
	return p.openWith(t, opts)
}

func (p *place) openWith(t *testing.T, opts *storage.Options) *storage.BackendStorage {
	t.Helper()
	if p.store != "" {
		opts.Locations = append(opts.Locations, p.store)
	}
	s, err := storage.New(p.opener, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the storage: %v", err)
		}
	})
	return s
}

// pointer names a snapshot of the case in the place.
func (p *place) pointer(c *flinkCase, snapshot string) string {
	return p.root + "/" + c.name + "/" + snapshot
}
