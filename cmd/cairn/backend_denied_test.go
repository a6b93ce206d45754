package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/integration/servers"
)

// Each permission that a real store withholds is named, and no other. What could
// not be removed for want of it is named, too.
func TestVerifyNamesWhatS3Denies(t *testing.T) {
	m := servers.StartMinIO(t)
	t.Setenv("AWS_CONFIG_FILE", os.DevNull)
	all := []string{"s3:ListBucket", "s3:PutObject", "s3:GetObject", "s3:DeleteObject", "s3:AbortMultipartUpload"}
	for denied, verbs := range map[string][]string{
		"s3:ListBucket":           {"list"},
		"s3:PutObject":            {"put"},
		"s3:GetObject":            {"look for what is absent", "get"},
		"s3:DeleteObject":         {"delete"},
		"s3:AbortMultipartUpload": {"abort"},
	} {
		t.Run(denied, func(t *testing.T) {
			bucket := strings.ToLower(strings.TrimPrefix(denied, "s3:"))
			if err := m.MakeBucket(t.Context(), bucket); err != nil {
				t.Fatal(err)
			}
			allowed := slices.DeleteFunc(slices.Clone(all), func(action string) bool { return action == denied })
			if err := m.AllowAll(t.Context(), bucket, allowed...); err != nil {
				t.Fatal(err)
			}
			report := deniedReport(t, "s3://"+bucket+"/dir?anonymous=true&part-size=20MiB&endpoint="+url.QueryEscape(m.Endpoint), denied, verbs...)
			if left := len(report.LeftBehind); left != 0 && denied != "s3:DeleteObject" || left != 1 && denied == "s3:DeleteObject" {
				t.Errorf("it says that it left %q", report.LeftBehind)
			}
			for _, key := range report.LeftBehind {
				if _, err := m.Get(t.Context(), bucket, key); err != nil {
					t.Errorf("it says that it left %q: %v", key, err)
				}
			}
		})
	}
	// The one that could not be aborted, to find out; no check has left another.
	if left, err := m.Unfinished(); err != nil || len(left) != 1 {
		t.Errorf("unfinished uploads: %q, %v; want one", left, err)
	}
}

// The emulator asks for no permissions, so a door before it does.
func TestVerifyNamesWhatGCSDenies(t *testing.T) {
	g := servers.StartGCS(t)
	if err := g.MakeBucket(t.Context(), "states"); err != nil {
		t.Fatal(err)
	}
	object := func(r *http.Request) bool { return strings.Contains(r.URL.EscapedPath(), "/o/") }
	for denied, test := range map[string]struct {
		verbs []string
		by    func(*http.Request) bool
	}{
		"storage.objects.list":   {[]string{"list"}, func(r *http.Request) bool { return r.Method == "GET" && !object(r) }},
		"storage.objects.get":    {[]string{"look for what is absent", "get"}, func(r *http.Request) bool { return r.Method == "GET" && object(r) }},
		"storage.objects.create": {[]string{"put"}, func(r *http.Request) bool { return r.Method == "POST" }},
		"storage.objects.delete": {[]string{"delete"}, func(r *http.Request) bool { return r.Method == "DELETE" }},
	} {
		t.Run(denied, func(t *testing.T) {
			door := denying(t, g.Endpoint, test.by)
			deniedReport(t, "gs://states/dir?endpoint="+url.QueryEscape(door), denied, test.verbs...)
		})
	}
}

// denying stands before a store and denies some requests, as Google does.
func denying(t *testing.T, endpoint string, denied func(*http.Request) bool) string {
	t.Helper()
	return refusing(t, endpoint, denied, http.StatusForbidden, `{"error":{"code":403,"message":"denied"}}`)
}

// refusing stands before a store and answers some requests itself.
func refusing(t *testing.T, endpoint string, refused func(*http.Request) bool, status int, answer string) string {
	t.Helper()
	target, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	forward := httputil.NewSingleHostReverseProxy(target)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !refused(r) {
			forward.ServeHTTP(w, r)
			return
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(answer))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// deniedReport verifies a place where one permission is missing, which these verbs
// need, and returns the report.
func deniedReport(t *testing.T, place, permission string, verbs ...string) *verifyReport {
	t.Helper()
	got := cairn(t, "backend", "verify", place, "-o", "json")
	report := new(verifyReport)
	if err := json.Unmarshal([]byte(got.stdout), report); err != nil {
		t.Fatalf("%v; code %d, stderr %s", err, got.code, got.stderr)
	}
	if says := "cairn: permission " + permission + " is missing"; got.code != exitNo || report.Verdict != denied ||
		!strings.HasPrefix(got.stderr, says) || strings.Count(got.stderr, "is missing") != 1 {
		t.Errorf("code %d, verdict %q, stderr %q; want %q", got.code, report.Verdict, got.stderr, says)
	}
	for _, p := range report.Permissions {
		if (p.Status == missing) != slices.Contains(verbs, p.Verb) {
			t.Errorf("%s is %s: %s", p.Verb, p.Status, p.Detail)
		}
	}
	return report
}

// Every store of the command has a name for the permission to each verb.
func TestEveryPermissionHasAName(t *testing.T) {
	tried, err := probe(t.Context(), verifyTargetOf(new(forgetful)), false)
	if err != nil || len(tried) == 0 {
		t.Fatal(tried, err)
	}
	registry := newRegistry()
	for _, scheme := range registry.Schemes() {
		for _, p := range tried {
			if name := permissionNames()[registry.Canonical(scheme)][p.Verb]; name == "" {
				t.Errorf("%s: the permission to %s has no name", scheme, p.Verb)
			}
		}
	}
	if got := permissionOf("ftp", "list"); got != "to list" {
		t.Errorf("a store that nobody knows: %q", got)
	}
}
