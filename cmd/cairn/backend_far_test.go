package main

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cairnstate/cairn/integration/servers"
)

// BenchmarkVerifyFarAway says how long the command takes, and what it sends, where
// each request takes so much longer. docs/verify.md has its figures.
func BenchmarkVerifyFarAway(b *testing.B) {
	m := servers.StartMinIO(b)
	if err := m.MakeBucket(b.Context(), "states"); err != nil {
		b.Fatal(err)
	}
	b.Setenv("AWS_ACCESS_KEY_ID", m.AccessKey)
	b.Setenv("AWS_SECRET_ACCESS_KEY", m.SecretKey)
	b.Setenv("AWS_CONFIG_FILE", os.DevNull)
	for _, c := range []struct {
		name, params string
		later        time.Duration
	}{
		{"near", "", 0},
		{"near,part-size=32MiB", "&part-size=32MiB", 0},
		{"10ms", "", 10 * time.Millisecond},
		{"30ms", "", 30 * time.Millisecond},
		{"100ms", "", 100 * time.Millisecond},
	} {
		b.Run(c.name, func(b *testing.B) {
			f := startFar(b, m.Endpoint, c.later)
			for b.Loop() {
				var stdout, stderr bytes.Buffer
				place := "s3://states/dir?endpoint=" + url.QueryEscape(f.endpoint) + c.params
				if code := run(b.Context(), []string{"backend", "verify", place}, &stdout, &stderr); code != exitYes {
					b.Errorf("code %d, stdout %s, stderr %s", code, &stdout, &stderr)
				}
			}
			f.report(b)
		})
	}
}

// far stands before a store, holds each request up, and counts.
type far struct {
	endpoint                 string
	requests, sent, received atomic.Int64
}

func startFar(b *testing.B, endpoint string, later time.Duration) *far {
	b.Helper()
	target, err := url.Parse(endpoint)
	if err != nil {
		b.Fatal(err)
	}
	forward := httputil.NewSingleHostReverseProxy(target)
	transport := &http.Transport{MaxIdleConnsPerHost: 100}
	forward.Transport = transport
	forward.ErrorLog = log.New(io.Discard, "", 0) // the checks hang up now and then
	f := new(far)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(later):
		case <-r.Context().Done():
			return
		}
		f.requests.Add(1)
		r.Body = counted{r.Body, &f.sent}
		forward.ServeHTTP(counting{w, &f.received}, r)
	}))
	b.Cleanup(func() {
		server.Close()
		transport.CloseIdleConnections()
	})
	f.endpoint = server.URL
	return f
}

func (f *far) report(b *testing.B) {
	b.ReportMetric(float64(f.requests.Load())/float64(b.N), "requests/op")
	b.ReportMetric(float64(f.sent.Load())/float64(b.N)/(1<<20), "MiB-sent/op")
	b.ReportMetric(float64(f.received.Load())/float64(b.N)/(1<<20), "MiB-received/op")
}

type counted struct {
	io.ReadCloser
	n *atomic.Int64
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.n.Add(int64(n))
	return n, err
}

type counting struct {
	http.ResponseWriter
	n *atomic.Int64
}

func (c counting) Write(p []byte) (int, error) {
	c.n.Add(int64(len(p)))
	return c.ResponseWriter.Write(p)
}
