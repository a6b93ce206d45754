package wordcount

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/integration/servers"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	localfs "github.com/cairnstate/cairn/storage/fs"
	"github.com/cairnstate/cairn/storage/s3"
)

// place is where a job keeps what it has.
type place struct {
	root   string // a directory's URI
	env    []string
	stores *storage.BackendStorage

	// hidden returns what killed writers have left that no backend shows.
	hidden func() ([]string, error)
}

func newPlace(t *testing.T, root string, env []string) *place {
	t.Helper()
	var registry backend.Registry
	registry.Register(localfs.Open, "file")
	registry.Register(s3.Opener(nil), s3.Schemes()...)
	stores, err := storage.New(&registry, nil)
	must(t, err)
	t.Cleanup(func() { must(t, stores.Close()) })
	return &place{root: root, env: env, stores: stores}
}

// folder is a local one. What killed writers leave on a local disk is what storage/fs
// sweeps, by its own verb; a minute old, where nobody knows that all writers are dead.
func folder(t *testing.T) *place {
	t.Helper()
	root := t.TempDir()
	p := newPlace(t, root, nil)
	p.hidden = func() (left []string, err error) {
		b, err := localfs.New(root)
		if err != nil {
			return nil, err
		}
		defer b.Close()
		swept, err := b.Sweep(t.Context(), "checkpoints", 0)
		if len(swept) > 0 {
			t.Logf("storage/fs swept %d temporary files of killed writers", len(swept))
		}
		return hiddenFiles(filepath.Join(root, "checkpoints"), err)
	}
	return p
}

func hiddenFiles(root string, err error) ([]string, error) {
	if err != nil {
		return nil, err
	}
	var left []string
	err = filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".tmp") {
			left = append(left, path)
		}
		if os.IsNotExist(err) {
			return nil
		}
		return err
	})
	return left, err
}

func minio(t *testing.T) *place {
	t.Helper()
	server := servers.StartMinIO(t)
	must(t, server.MakeBucket(t.Context(), "wordcount"))
	env := []string{"AWS_ENDPOINT_URL=" + server.Endpoint, "AWS_ACCESS_KEY_ID=" + server.AccessKey, "AWS_SECRET_ACCESS_KEY=" + server.SecretKey, "AWS_REGION=us-east-1"}
	for _, variable := range env {
		name, value, _ := strings.Cut(variable, "=")
		t.Setenv(name, value)
	}
	p := newPlace(t, "s3://wordcount/run", env)
	p.hidden = server.Unfinished
	return p
}

// output reads all that the job has put out.
func (p *place) output(t *testing.T) *counts {
	t.Helper()
	b, directory, err := p.stores.Backend(t.Context(), p.root+"/counts")
	must(t, err)
	all := newCounts()
	for info, err := range b.List(t.Context(), directory) {
		must(t, err)
		if strings.Contains(info.Key, "/.pending/") {
			continue
		}
		r, err := b.Open(t.Context(), info.Key, nil)
		must(t, err)
		must(t, all.read(r))
		must(t, r.Close())
	}
	return all
}

// access is the job's own.
func (p *place) access(t *testing.T) *storage.CheckpointStorageAccess {
	t.Helper()
	id := checkpoint.JobID(checkpoint.OperatorIDFromUID("wordcount"))
	a, err := p.stores.CreateCheckpointStorage(t.Context(), id, p.root+"/checkpoints", nil)
	must(t, err)
	return a
}

// files returns the files in the job's directory.
func (p *place) files(t *testing.T) []string {
	t.Helper()
	var names []string
	for file, err := range p.access(t).Files(t.Context()) {
		must(t, err)
		names = append(names, file.Name)
	}
	return names
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
