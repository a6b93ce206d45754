package integration_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/url"
	"testing"

	"github.com/cairnstate/cairn/integration/servers"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/s3"
)

// openS3 returns our backend on a bucket of the server, as the environment and
// the parameters of a location make it.
func openS3(t *testing.T, m *servers.MinIO, opts *s3.Options, params url.Values) *s3.Backend {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", m.AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", m.SecretKey)
	t.Setenv("AWS_CONFIG_FILE", "/dev/null")
	if params == nil {
		params = url.Values{}
	}
	params.Set("endpoint", m.Endpoint)
	b, err := s3.Open(t.Context(), backend.Root{Scheme: "s3", Authority: "states", Params: params}, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

func startS3(t *testing.T) *servers.MinIO {
	t.Helper()
	m := servers.StartMinIO(t)
	if err := m.MakeBucket(t.Context(), "states"); err != nil {
		t.Fatal(err)
	}
	return m
}

// What we write in parts is read whole by another client, and the reverse; parts
// that are abandoned are no object.
func TestS3Multipart(t *testing.T) {
	m := startS3(t)
	ctx := t.Context()
	data := bytes.Repeat([]byte("0123456789abcdef"), 12<<20/16) // three parts
	for _, checksum := range []string{"crc32c", "signature"} {
		b := openS3(t, m, &s3.Options{PartSize: 5 << 20}, url.Values{"checksum": {checksum}})
		if err := writeObject(ctx, b, checksum, data, &backend.CreateOptions{IfAbsent: true}); err != nil {
			t.Fatal(err)
		}
		got, err := m.Get(ctx, "states", checksum)
		if err != nil || !bytes.Equal(got, data) {
			t.Fatalf("the witness reads %d bytes, %v", len(got), err)
		}
		if got, err := readObject(ctx, b, checksum); err != nil || !bytes.Equal(got, data) {
			t.Fatalf("we read %d bytes, %v", len(got), err)
		}
		if err := writeObject(ctx, b, checksum, data, &backend.CreateOptions{IfAbsent: true}); !errors.Is(err, fs.ErrExist) {
			t.Errorf("a second exclusive creation gives %v", err)
		}
	}
}

// A bucket that is not there is a mistake of its own, and so are bad credentials.
func TestS3Misconfigured(t *testing.T) {
	m := servers.StartMinIO(t)
	b := openS3(t, m, nil, nil)
	if _, err := b.Open(t.Context(), "k", nil); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Open without a bucket gives %v", err)
	}
	if err := b.Delete(t.Context(), "k"); err == nil {
		t.Error("Delete without a bucket succeeds")
	}
	m.SecretKey += "x"
	if _, err := openS3(t, m, nil, nil).Open(t.Context(), "k", nil); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("Open with a wrong secret gives %v", err)
	}
}

func writeObject(ctx context.Context, b backend.Backend, key string, data []byte, opts *backend.CreateOptions) error {
	w, err := b.Create(ctx, key, opts)
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := w.Write(data); err != nil {
		return err
	}
	return w.Commit()
}

func readObject(ctx context.Context, b backend.Backend, key string) ([]byte, error) {
	r, err := b.Open(ctx, key, nil)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}
