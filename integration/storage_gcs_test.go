package integration_test

import (
	"bytes"
	"errors"
	"io/fs"
	"net/url"
	"testing"

	"github.com/cairnstate/cairn/integration/servers"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/gcs"
)

// openGCS returns our backend on a bucket of the emulator.
func openGCS(t *testing.T, g *servers.GCS, bucket string, opts *gcs.Options) *gcs.Backend {
	t.Helper()
	root := backend.Root{Scheme: "gs", Authority: bucket, Params: url.Values{"endpoint": {g.Endpoint}}}
	b, err := gcs.Open(t.Context(), root, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

func startGCS(t *testing.T) *servers.GCS {
	t.Helper()
	g := servers.StartGCS(t)
	if err := g.MakeBucket(t.Context(), "states"); err != nil {
		t.Fatal(err)
	}
	return g
}

// What we write in chunks is read whole by another client, and the reverse.
func TestGCSChunks(t *testing.T) {
	g := startGCS(t)
	ctx := t.Context()
	data := bytes.Repeat([]byte("0123456789abcdef"), 3<<20/16) // three chunks
	b := openGCS(t, g, "states", &gcs.Options{ChunkSize: 1 << 20})
	if err := writeObject(ctx, b, "large", data, &backend.CreateOptions{IfAbsent: true}); err != nil {
		t.Fatal(err)
	}
	if got, err := g.Get(ctx, "states", "large"); err != nil || !bytes.Equal(got, data) {
		t.Fatalf("the witness reads %d bytes, %v", len(got), err)
	}
	if got, err := readObject(ctx, b, "large"); err != nil || !bytes.Equal(got, data) {
		t.Fatalf("we read %d bytes, %v", len(got), err)
	}
	if err := writeObject(ctx, b, "large", data, &backend.CreateOptions{IfAbsent: true}); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second exclusive creation gives %v", err)
	}
}

// The environment's emulator is found without a parameter.
func TestGCSEmulatorOfTheEnvironment(t *testing.T) {
	g := startGCS(t)
	t.Setenv("STORAGE_EMULATOR_HOST", g.Endpoint)
	b, err := gcs.Open(t.Context(), backend.Root{Scheme: "gs", Authority: "states"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if err := g.Put(t.Context(), "states", "k", []byte("hello")); err != nil {
		t.Fatal(err)
	}
	if got, err := readObject(t.Context(), b, "k"); err != nil || string(got) != "hello" {
		t.Errorf("read %q, %v", got, err)
	}
}

// What the emulator can of the powers beyond the five verbs.
func TestGCSPowers(t *testing.T) {
	g := startGCS(t)
	ctx := t.Context()
	b := openGCS(t, g, "states", &gcs.Options{ChunkSize: 256 << 10})
	data := bytes.Repeat([]byte("0123456789abcdef"), 1<<20/16)
	first, err := b.Swap(ctx, "swapped", "", data)
	if err != nil {
		t.Fatal(err)
	}
	if err := backend.Copy(ctx, b, "swapped", "copied", &backend.CreateOptions{IfAbsent: true}); err != nil {
		t.Fatal(err)
	}
	got := make(intoMemory, len(data))
	if _, err := b.Download(ctx, "copied", nil, got); err != nil || !bytes.Equal(got, data) {
		t.Errorf("downloaded wrongly: %v", err)
	}
	if _, err := b.Swap(ctx, "swapped", first, nil); err != nil {
		t.Error(err)
	}
	if _, err := b.Swap(ctx, "swapped", first, nil); !errors.Is(err, backend.ErrChanged) {
		t.Errorf("swapping from an old version gives %v", err)
	}
	if _, err := b.Open(ctx, "swapped", &backend.OpenOptions{Version: first}); !errors.Is(err, backend.ErrChanged) {
		t.Errorf("opening an old version gives %v", err)
	}
	if err := b.DeleteAll(ctx, []string{"swapped", "copied", "absent"}); err != nil {
		t.Error(err)
	}
	for info := range b.List(ctx, "") {
		t.Errorf("%q is left", info.Key)
	}
}

type intoMemory []byte

func (i intoMemory) WriteAt(p []byte, off int64) (int, error) { return copy(i[off:], p), nil }
