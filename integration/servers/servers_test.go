package servers

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestWitnessesGiveBackWhatTheyTook(t *testing.T) {
	for _, c := range []struct {
		name  string
		start func(t *testing.T) Witness
	}{
		{"minio", func(t *testing.T) Witness { return StartMinIO(t) }},
		{"gcs", func(t *testing.T) Witness { return StartGCS(t) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			witness, ctx := c.start(t), t.Context()
			if err := witness.MakeBucket(ctx, "bucket"); err != nil {
				t.Fatal(err)
			}
			want := []byte("some bytes\x00\xff")
			for _, key := range []string{"plain", "a/deep/key", "odd keys/ü +%25 #?.txt"} {
				if err := witness.Put(ctx, "bucket", key, want); err != nil {
					t.Fatal(err)
				}
				if got, err := witness.Get(ctx, "bucket", key); err != nil || !bytes.Equal(got, want) {
					t.Errorf("%q holds %q, %v; want %q", key, got, err, want)
				}
			}
			if _, err := witness.Get(ctx, "bucket", "missing"); err == nil {
				t.Error("the witness read an object that is not there")
			}
		})
	}
}

func TestServersEndWithTheTest(t *testing.T) {
	var minio *MinIO
	var gcs *GCS
	t.Run("inner", func(t *testing.T) { minio, gcs = StartMinIO(t), StartGCS(t) })
	if err := minio.MakeBucket(t.Context(), "bucket"); err == nil {
		t.Error("MinIO is still there")
	}
	if err := gcs.MakeBucket(t.Context(), "bucket"); err == nil {
		t.Error("the emulator is still there")
	}
}

func TestServerThatIsNotBuiltSaysHowToBuildIt(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "go.mod"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	deep := filepath.Join(root, "integration", "servers")
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	_, err := binary(deep, "minio", "servers")
	if !errors.Is(err, ErrNotBuilt) || !strings.Contains(err.Error(), "make servers") || !strings.Contains(err.Error(), root) {
		t.Errorf("the error %q does not say what to run, and where", err)
	}
}

func TestServerThatExitsIsToldFromOneThatIsSlow(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Fatal(err)
	}
	p := program{
		name:  "sh",
		args:  func(string) []string { return []string{"-c", "echo the port is taken; exit 1"} },
		ready: func(context.Context, string) error { return errors.New("no answer") },
	}
	err = p.run(t, shell, "127.0.0.1:1").await(t.Context(), p, "127.0.0.1:1")
	if !errors.Is(err, errExited) || !strings.Contains(err.Error(), "the port is taken") {
		t.Errorf("the error is %q, want one that says that the server exited, and its last words", err)
	}
}
