package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// jobManager serves what real Flink said of a job, and nothing else.
func jobManager(t *testing.T) *httptest.Server {
	t.Helper()
	answer, err := os.ReadFile(filepath.Join(flinkRest, "2.3.0/in-flight.json"))
	if err != nil {
		t.Fatal(err)
	}
	const job = "/flink/jobs/0123456789abcdef0123456789abcdef"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case job:
			_, _ = w.Write(answer)
		case "/page":
			_, _ = w.Write([]byte("<!doctype html><html></html>"))
		case "/large":
			_, _ = w.Write(make([]byte, jobBytes+1))
		case "/failing":
			http.Error(w, "no", http.StatusServiceUnavailable)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return server
}

// The job is found by its REST address, by that of its plan, and by its page.
func TestPlanJobFromURL(t *testing.T) {
	server, checkpoint := jobManager(t), retained(t, "2.3.0/unaligned-checkpoints")
	const id = "0123456789abcdef0123456789abcdef"
	for _, path := range []string{"/flink/jobs/" + id, "/flink/jobs/" + id + "/plan", "/flink/#/job/running/" + id + "/overview", "/flink/#/job/" + id + "/overview"} {
		report, code := planJSON(t, checkpoint, "--job", server.URL+path)
		if code != exitYes || len(report.Vertices) != 4 || report.Vertices[0].ID.String() == "" {
			t.Errorf("%s: exit code %d, %d vertices", path, code, len(report.Vertices))
		}
	}
}

// What people give instead of a job is named, and so is what to give.
func TestNoJob(t *testing.T) {
	server, checkpoint := jobManager(t), retained(t, "2.3.0/unaligned-checkpoints")
	for source, want := range map[string]string{
		server.URL + "/page":                              "/page is a web page: give http://host:8081/jobs/<id>",
		writeFile(t, "\n <html>"):                         "is a web page",
		writeFile(t, `{"counts": {}, "num_subtasks": 1}`): "is JSON, but describes no job",
		writeFile(t, `[]`):                                "is JSON, but describes no job",
		writeFile(t, "\x1f\x8b\x00"):                      "is no text",
		writeFile(t, "caf\xe9"):                           "is no text",
		writeFile(t, `{"vertices": [{"paralelism": 3}]}`): "paralelism",
		writeFile(t, `{"plan": {"nodes": []}}`):           "has no plan with nodes",
	} {
		if got := cairn(t, "plan", checkpoint, "--job", source); got.code != exitUsage || !strings.Contains(got.stderr, want) {
			t.Errorf("%s: code %d, it says %s, want %q", source, got.code, got.stderr, want)
		}
	}
}

// An error of a URL names the host, and neither password nor token.
func TestJobURLErrorsTellNoSecret(t *testing.T) {
	server, checkpoint := jobManager(t), retained(t, "2.3.0/unaligned-checkpoints")
	host := strings.TrimPrefix(server.URL, "http://")
	for path, want := range map[string]string{
		"http://user:secret@" + host + "/flink/jobs/1?token=secret": "no such job",
		"http://user:secret@" + host + "/large?token=secret":        "more than",
		"http://user:secret@" + host + "/failing?token=secret":      "503",
		"http://user:secret@127.0.0.1:1/jobs/1?token=secret":        "127.0.0.1:1",
		"http://user:secret@%zz/jobs/1":                             "no URL",
	} {
		got := cairn(t, "plan", checkpoint, "--job", path)
		if got.code == exitYes || got.code == exitNo || !strings.Contains(got.stderr, want) || strings.Contains(got.stderr, "secret") {
			t.Errorf("%s: exit code %d, stderr %q, want %q", path, got.code, got.stderr, want)
		}
	}
}

func TestFetchJobStopsWithContext(t *testing.T) {
	server := jobManager(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := fetchJob(ctx, server.URL+"/flink/jobs/1"); err == nil || !strings.Contains(err.Error(), "canceled") {
		t.Errorf("error is %v", err)
	}
}

func TestJobURL(t *testing.T) {
	for from, want := range map[string]string{
		"http://h:8081/jobs/ab/plan":                "http://h:8081/jobs/ab",
		"http://h:8081/jobs/ab":                     "http://h:8081/jobs/ab",
		"http://h:8081/jobs/plan":                   "http://h:8081/jobs/plan",
		"http://h:8081/my/plan":                     "http://h:8081/my/plan",
		"https://h/proxy/#/job/completed/ab/x":      "https://h/proxy/jobs/ab",
		"https://h/job.yaml?version=3":              "https://h/job.yaml?version=3",
		"https://h/#/overview":                      "https://h/",
		"https://h/jobs/ab/plan?token=t#/something": "https://h/jobs/ab?token=t",
	} {
		u, err := url.Parse(from)
		if err != nil {
			t.Fatal(err)
		}
		if got := jobURL(u).String(); got != want {
			t.Errorf("%s: %s, want %s", from, got, want)
		}
	}
}
