//go:build interop

package circle

import (
	"context"
	"maps"
	"net/url"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/integration/servers"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fs"
	"github.com/cairnstate/cairn/storage/s3"
)

// place is a store that Flink and cairn both write to, each by means of its own.
type place struct {
	root          string // in it are checkpoints/<job>/chk-N and savepoints/savepoint-…
	storage       *storage.BackendStorage
	configuration map[string]string // what Flink has to know of it

	written *written
	kept    map[string]map[string]bool              // the paths in checkpoints that stay for good, by pointer
	files   map[string]checkpoint.StreamStateHandle // that tasks have reported, by the name that placeholders have for them
}

const bucket = "circle"

func disk(t *testing.T) *place {
	t.Helper()
	var registry backend.Registry
	registry.Register(fs.Open, "file")
	return newPlace(t, &registry, "file://"+filepath.ToSlash(t.TempDir()), "", nil)
}

// minio is an S3 server. Flink reaches it through Hadoop's file system.
func minio(t *testing.T) *place {
	t.Helper()
	m := servers.StartMinIO(t)
	if err := m.MakeBucket(t.Context(), bucket); err != nil {
		t.Fatal(err)
	}
	var registry backend.Registry
	registry.Register(s3.Opener(&s3.Options{Config: &aws.Config{
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: m.AccessKey, SecretAccessKey: m.SecretKey}, nil
		}),
	}}), s3.Schemes()...)
	return newPlace(t, &registry, "s3://"+bucket, "?endpoint="+url.QueryEscape(m.Endpoint), map[string]string{
		"s3.endpoint": m.Endpoint, "s3.path.style.access": "true",
		"s3.access-key": m.AccessKey, "s3.secret-key": m.SecretKey,
	})
}

func newPlace(t *testing.T, registry *backend.Registry, root, query string, configuration map[string]string) *place {
	t.Helper()
	st, err := storage.New(registry, &storage.Options{Locations: []string{root + query}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return &place{
		root: root, storage: st, configuration: configuration,
		written: newWritten(t), kept: map[string]map[string]bool{}, files: map[string]checkpoint.StreamStateHandle{},
	}
}

func (p *place) checkpoints() string { return p.root + "/checkpoints" }

func (p *place) savepoints() string { return p.root + "/savepoints" }

// with returns what Flink has to know, to write here as it is told.
func (p *place) with(options map[string]string) map[string]string {
	all := map[string]string{
		"execution.checkpointing.dir":        p.checkpoints(),
		"state.changelog.dstl.dfs.base-path": p.root + "/changelog",
		// Flink must not delete what its own coordinator restored: that one never hears
		// how the job goes on.
		"execution.checkpointing.externalized-checkpoint-retention": "RETAIN_ON_CANCELLATION",
	}
	maps.Copy(all, p.configuration)
	maps.Copy(all, options)
	return all
}
