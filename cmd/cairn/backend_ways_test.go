package main

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/integration/servers"
)

// ways returns what is told of how a store deletes and copies.
func ways(t *testing.T, place string) (deletes, copies string) {
	t.Helper()
	target, err := openTarget(t.Context(), place, new(verifyOptions))
	if err != nil {
		t.Fatal(err)
	}
	defer target.backend.Close()
	report := verifyReport{Promises: []promiseReport{{Topic: "batch delete"}, {Topic: "listing"}, {Topic: "copy"}}}
	report.tellWays(t.Context(), target)
	for info, err := range target.backend.List(t.Context(), target.dir) {
		t.Errorf("it left %q, %v", info.Key, err)
	}
	if report.Promises[1].How != "" {
		t.Errorf("of listing it says %q", report.Promises[1].How)
	}
	return report.Promises[0].How, report.Promises[2].How
}

// A store that knows no batches and no copies keeps the promise in another way, which
// costs more, and that is told.
func TestVerifySaysHow(t *testing.T) {
	m, g := servers.StartMinIO(t), servers.StartGCS(t)
	for _, s := range []servers.Witness{m, g} {
		if err := s.MakeBucket(t.Context(), "states"); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("AWS_ACCESS_KEY_ID", m.AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", m.SecretKey)
	t.Setenv("AWS_CONFIG_FILE", os.DevNull)
	poor := refusing(t, m.Endpoint, func(r *http.Request) bool {
		return r.Method == "POST" && r.URL.Query().Has("delete") || r.Header.Get("X-Amz-Copy-Source") != ""
	}, http.StatusNotImplemented, "<Error><Code>NotImplemented</Code></Error>")
	for _, test := range []struct{ name, place, deletes, copies string }{
		{"MinIO", "s3://states/dir?endpoint=" + url.QueryEscape(m.Endpoint), "1 request for 20 keys", ""},
		{"a poor S3", "s3://states/dir?endpoint=" + url.QueryEscape(poor), "one by one, 21 requests for 20 keys", "read and written again, through this process"},
		{"GCS", "gs://states/dir?endpoint=" + url.QueryEscape(g.Endpoint), "1 request for 20 keys", ""},
		{"a folder", t.TempDir(), "", ""},
	} {
		deletes, copies := ways(t, test.place)
		if deletes != test.deletes || copies != test.copies {
			t.Errorf("%s: deleting: %q, copying: %q", test.name, deletes, copies)
		}
	}
}

func TestTableSaysHow(t *testing.T) {
	promise := promiseReport{Topic: "batch delete", Status: kept, How: "one by one", Checks: []checkReport{{Status: kept}, {Status: kept}}}
	if table := promiseTable([]promiseReport{promise}).Render(); !strings.Contains(table, "2 checks; one by one") {
		t.Errorf("the table does not say how:\n%s", table)
	}
}
