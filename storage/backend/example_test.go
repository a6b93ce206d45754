package backend_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"log"
	"slices"
	"testing/fstest"

	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
)

// archive is a stranger's backend: checkpoints in anything that Go can read as a
// file system, a zip file or what is embedded in the program. It only reads, and
// says so where it is asked to write.
type archive struct{ files fs.FS }

func (a archive) Open(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
	info, err := a.describe(ctx, "open", key)
	if err != nil {
		return nil, err
	}
	data, err := fs.ReadFile(a.files, key)
	if err != nil {
		return nil, a.fail("open", key, err)
	}
	if opts != nil {
		data = data[min(opts.Offset, info.Size):]
	}
	if opts != nil && opts.Length > 0 {
		data = data[:min(opts.Length, int64(len(data)))]
	}
	return page{bytes.NewReader(data), info}, nil
}

func (a archive) Stat(ctx context.Context, key string) (backend.Info, error) {
	return a.describe(ctx, "stat", key)
}

func (a archive) describe(ctx context.Context, op, key string) (backend.Info, error) {
	if err := ctx.Err(); err != nil {
		return backend.Info{}, a.fail(op, key, err)
	}
	stat, err := fs.Stat(a.files, key)
	if err == nil && stat.IsDir() {
		err = fs.ErrNotExist // a directory is no object
	}
	if err != nil {
		return backend.Info{}, a.fail(op, key, err)
	}
	return backend.Info{Key: key, Size: stat.Size(), ModTime: stat.ModTime()}, nil
}

func (a archive) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		var keys []string
		err := fs.WalkDir(a.files, ".", func(key string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && backend.HasPrefix(key, prefix) {
				keys = append(keys, key)
			}
			return err
		})
		if err != nil {
			yield(backend.Info{}, a.fail("list", prefix, err))
			return
		}
		slices.Sort(keys)
		for _, key := range keys {
			if info, err := a.describe(ctx, "list", key); !yield(info, err) || err != nil {
				return
			}
		}
	}
}

func (a archive) Create(_ context.Context, key string, _ *backend.CreateOptions) (backend.Writer, error) {
	return nil, a.fail("create", key, errors.ErrUnsupported)
}

func (a archive) Delete(_ context.Context, key string) error {
	return a.fail("delete", key, errors.ErrUnsupported)
}

func (a archive) Close() error { return nil }

func (a archive) fail(op, key string, err error) error {
	return &backend.Error{Backend: "archive", Op: op, Key: key, Err: err}
}

// page reads a file of the archive.
type page struct {
	*bytes.Reader
	info backend.Info
}

func (p page) Info() backend.Info { return p.info }
func (p page) Close() error       { return nil }

// Another module adds a backend by five verbs and a scheme, and everything above
// them works with it.
func Example() {
	ctx := context.Background()
	shelf := fstest.MapFS{"chk-7/_metadata": {Data: []byte("what Flink wrote")}}

	var registry backend.Registry
	registry.Register(func(context.Context, backend.Root) (backend.Backend, error) { return archive{shelf}, nil }, "archive")
	checkpoints, err := storage.New(&registry, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer checkpoints.Close()

	location, err := checkpoints.ResolveCheckpoint(ctx, "archive://shelf/chk-7")
	if err != nil {
		log.Fatal(err)
	}
	defer location.Close()
	data, err := location.ReadMetadata(ctx)
	fmt.Printf("%s: %s %v\n", location.MetadataPath(), data, err)

	_, err = checkpoints.ResolveCheckpoint(ctx, "archive://shelf/chk-8")
	fmt.Println(errors.Is(err, storage.ErrNotFound))
	// Output:
	// archive://shelf/chk-7/_metadata: what Flink wrote <nil>
	// true
}
