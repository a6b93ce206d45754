package cdk_test

import (
	"io/fs"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/blob/memblob"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/cdk"
	"github.com/cairnstate/cairn/storage/storagetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConformance(t *testing.T) {
	storagetest.Run(t, func(t *testing.T) backend.Backend { return openMem(t) })
}

func openMem(t *testing.T) *cdk.Backend {
	t.Helper()
	b := cdk.New(memblob.OpenBucket(nil), backend.Root{Scheme: "mem", Authority: "demo"})
	t.Cleanup(func() { b.Close() })
	return b
}

// For files there is storage/fs, and fileblob does not keep the whole contract;
// but what it does is done right through us, and what it gets wrong is noticed.
func TestFileblob(t *testing.T) {
	dir := t.TempDir()
	bucket, err := fileblob.OpenBucket(dir, &fileblob.Options{NoTempDir: true})
	if err != nil {
		t.Fatal(err)
	}
	b := cdk.New(bucket, backend.Root{Scheme: "file", Authority: "dir"})
	defer b.Close()
	ctx := t.Context()
	exclusive := &backend.CreateOptions{IfAbsent: true}
	check(t, write(ctx, b, "a/b", []byte("hello"), exclusive), nil, "")
	check(t, write(ctx, b, "a/b", []byte("other"), exclusive), fs.ErrExist, "exists already")
	got, err := readAll(ctx, b, "a/b", &backend.OpenOptions{Offset: 1, Length: 3})
	if err != nil || string(got) != "ell" {
		t.Errorf("read %q, %v", got, err)
	}
	w, err := b.Create(ctx, "a/c", nil)
	check(t, err, nil, "")
	check(t, w.Close(), nil, "")
	if names, _ := filepath.Glob(filepath.Join(dir, "a", "c*")); len(names) != 0 {
		t.Errorf("an abandoned write left %q", names)
	}
	for _, key := range []string{"a/c", "a/d", "a-"} { // the last comes before "a/b", and fileblob walks directories
		check(t, write(ctx, b, key, nil, nil), nil, "")
	}
	var last error
	for _, last = range b.List(ctx, "") {
	}
	check(t, last, anyError, "not list its keys in order")
}
