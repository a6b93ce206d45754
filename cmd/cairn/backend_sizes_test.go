package main

import (
	"bytes"
	"context"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/storagetest"
)

// measuring knows the largest object that somebody began to write.
type measuring struct {
	backend.Through
	largest atomic.Int64
}

func (m *measuring) Create(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
	w, err := m.Through.Create(ctx, key, opts)
	return &measuredWriter{Writer: w, of: m}, err
}

type measuredWriter struct {
	backend.Writer
	of   *measuring
	size int64
}

func (w *measuredWriter) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	w.size += int64(n)
	for old := w.of.largest.Load(); w.size > old && !w.of.largest.CompareAndSwap(old, w.size); {
		old = w.of.largest.Load()
	}
	return n, err
}

// Where parts are large, large objects and what is aborted are larger.
func TestVerifyWritesInParts(t *testing.T) {
	for params, part := range map[string]int64{
		"": 8 << 20, "part-size=5MiB": 5 << 20, "part-size=20MiB": 20 << 20, "chunk-size=20971520": 20 << 20,
	} {
		m := &measuring{Through: backend.Through{Backend: new(mem.Backend)}}
		target := &verifyTarget{root: backend.Root{Scheme: "s3", Authority: "b"}, backend: m, dir: "x"}
		target.root.Params, _ = url.ParseQuery(params)
		if err := (&prober{ctx: t.Context(), target: target}).abort(); err != nil {
			t.Fatal(err)
		}
		if got := m.largest.Load(); got <= 2*part {
			t.Errorf("%q: it aborts an object of %d bytes", params, got)
		}
		m.largest.Store(0)
		report := newVerifyReport(target, new(verifyOptions))
		large := slices.DeleteFunc(storagetest.Checks(), func(c storagetest.Check) bool { return !strings.Contains(c.Name, "large object") })
		if err := runChecks(t.Context(), target, large, report, newProgress(new(bytes.Buffer))); err != nil {
			t.Fatal(err)
		}
		if got := m.largest.Load(); got <= part || report.Promises[0].Status != kept {
			t.Errorf("%q: the checks write objects of %d bytes", params, got)
		}
	}
}

func TestVerifyRefusesHugeParts(t *testing.T) {
	for _, place := range []string{"s3://b?part-size=65MiB", "gs://b?chunk-size=67108865"} {
		got := cairn(t, "backend", "verify", place)
		if got.code != exitUsage || !strings.Contains(got.stderr, "parts of at most 64 MiB") {
			t.Errorf("%s: code %d, stderr %s", place, got.code, got.stderr)
		}
	}
	for place, opts := range map[string]*verifyOptions{"s3://b?part-size=64MiB": {}, "s3://b?part-size=65MiB": {readOnly: true}} {
		target, err := openTarget(t.Context(), place, opts)
		if err != nil {
			t.Fatalf("%s: %v", place, err)
		}
		defer target.backend.Close()
	}
}
