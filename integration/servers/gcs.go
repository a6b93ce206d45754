package servers

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// GCS is a running emulator of Google Cloud Storage. It asks for no credentials.
// It is safe for use by many goroutines at once.
type GCS struct {
	Endpoint string // "http://127.0.0.1:34567"
}

var _ Witness = (*GCS)(nil)

// StartGCS runs the emulator, with its data in memory, until the test ends.
func StartGCS(t testing.TB) *GCS {
	t.Helper()
	marker := "marker-" + strings.ToLower(rand.Text())
	seed := t.TempDir() // its folders become buckets
	if err := os.Mkdir(filepath.Join(seed, marker), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(seed, marker, marker), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	address := program{
		name: "fake-gcs-server",
		args: func(address string) []string {
			host, port, _ := strings.Cut(address, ":")
			// Without its port the public host is this host on any port; a Proxy has another.
			return []string{"-scheme", "http", "-host", host, "-port", port, "-public-host", host,
				"-backend", "memory", "-data", seed, "-log-level", "error"}
		},
		// Another emulator on this port would not have the marker.
		ready: func(ctx context.Context, address string) error {
			_, err := (&GCS{Endpoint: "http://" + address}).Get(ctx, marker, marker)
			return err
		},
	}.start(t)
	return &GCS{Endpoint: "http://" + address}
}

// MakeBucket makes a bucket.
func (g *GCS) MakeBucket(ctx context.Context, bucket string) error {
	body, err := json.Marshal(map[string]string{"name": bucket})
	if err != nil {
		return err
	}
	_, err = g.do(ctx, http.MethodPost, "/storage/v1/b?project=cairn", body)
	return err
}

// Put writes an object.
func (g *GCS) Put(ctx context.Context, bucket, key string, data []byte) error {
	_, err := g.do(ctx, http.MethodPost, "/upload/storage/v1/b/"+bucket+"/o?uploadType=media&name="+url.QueryEscape(key), data)
	return err
}

// Get reads an object.
func (g *GCS) Get(ctx context.Context, bucket, key string) ([]byte, error) {
	return g.do(ctx, http.MethodGet, "/storage/v1/b/"+bucket+"/o/"+url.PathEscape(key)+"?alt=media", nil)
}

func (g *GCS) do(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, g.Endpoint+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/octet-stream")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %s: %s", method, path, response.Status, answer)
	}
	return answer, err
}
