package faults_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/cairnstate/cairn/integration/servers"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/gcs"
)

// Every request that our plays make of Google Cloud Storage meets every fault. The
// store forgets an upload that nobody goes on with, after a week, and asks for no
// money until then; so nobody counts them.
func TestGCS(t *testing.T) {
	g := servers.StartGCS(t)
	if err := g.MakeBucket(t.Context(), bucket); err != nil {
		t.Fatal(err)
	}
	s := &service{
		name: "gcs", protocol: protocol{nameGCS, spendsGCS, saysGCS, mixedGCS, withinGCS, &chunks{next: newTransport()}}, endpoint: g.Endpoint,
		base: "far://" + bucket + "/case-%d", large: 300 << 10,
		secrets: []string{"upload_id="}, // who knows it can write
		open: func(endpoint string) (backend.Backend, error) {
			root := backend.Root{Scheme: "gs", Authority: bucket, Params: url.Values{"endpoint": {endpoint}}}
			return gcs.Open(context.Background(), root, &gcs.Options{
				ChunkSize: 256 << 10, FirstPause: time.Millisecond, LongestPause: time.Millisecond,
			})
		},
		unfinished: func(context.Context, []string) (int, error) { return 0, nil },
	}
	s.run(t)
}

const deleteMany = "batch of deletions"

// nameGCS returns the name of the call.
func nameGCS(r *http.Request) string {
	q := r.URL.Query()
	switch {
	case strings.HasPrefix(r.URL.Path, "/batch/"):
		return deleteMany
	case q.Has("upload_id"): // with all that it began with
		return "send chunk"
	case q.Get("uploadType") == "resumable":
		return "begin upload"
	case r.Method == http.MethodPost:
		return "insert"
	case strings.HasSuffix(r.URL.Path, "/o"):
		return "list"
	case q.Get("alt") == "media":
		return "get media"
	}
	return map[string]string{"GET": "get", "DELETE": "delete"}[r.Method]
}

func spendsGCS(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/upload/") }

func saysGCS(code int, says string) (contentType, body string) {
	return "application/json", fmt.Sprintf(`{"error":{"code":%d,"message":"%s, says the proxy"}}`, code, says)
}
