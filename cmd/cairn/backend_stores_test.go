package main

import (
	"encoding/json"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/integration/servers"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/storagetest"
)

// The whole command, as a user would run it, and nothing is left of it.
func TestVerifyMinIO(t *testing.T) {
	m := servers.StartMinIO(t)
	if err := m.MakeBucket(t.Context(), "states"); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", m.AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", m.SecretKey)
	t.Setenv("AWS_CONFIG_FILE", os.DevNull)
	stdout := keepsAll(t, backend.Root{Scheme: "s3", Authority: "states", Params: url.Values{"endpoint": {m.Endpoint}}})
	if strings.Contains(stdout, m.SecretKey) || strings.Contains(stdout, m.AccessKey) {
		t.Error("credentials are told")
	}
	if left, err := m.Unfinished(); err != nil || len(left) != 0 {
		t.Errorf("unfinished uploads: %q, %v", left, err)
	}
}

func TestVerifyGCS(t *testing.T) {
	g := servers.StartGCS(t)
	if err := g.MakeBucket(t.Context(), "states"); err != nil {
		t.Fatal(err)
	}
	keepsAll(t, backend.Root{Scheme: "gs", Authority: "states", Params: url.Values{"endpoint": {g.Endpoint}}})
}

// keepsAll verifies a store that keeps all it promises, permits all and is empty, and
// returns what was told.
func keepsAll(t *testing.T, root backend.Root) string {
	t.Helper()
	got := cairn(t, "backend", "verify", root.String()+"/jobs?"+root.Params.Encode(), "-o", "json")
	if got.code != exitYes {
		t.Errorf("code %d, stdout %s, stderr %s", got.code, got.stdout, got.stderr)
	}
	var report verifyReport
	if err := json.Unmarshal([]byte(got.stdout), &report); err != nil {
		t.Fatal(err)
	}
	if report.Verdict != kept || !wasMeasured(report.Speed) {
		t.Errorf("verdict %q, speed %+v", report.Verdict, report.Speed)
	}
	if slices.ContainsFunc(report.Permissions, func(p permissionReport) bool { return p.Status != granted }) {
		t.Errorf("permissions: %+v", report.Permissions)
	}
	checks := 0
	for _, promise := range report.Promises {
		checks += len(promise.Checks)
	}
	if checks != len(storagetest.Checks()) {
		t.Errorf("%d checks, want all %d", checks, len(storagetest.Checks()))
	}
	leavesNothing(t, root)
	return got.stdout + got.stderr
}

func wasMeasured(s *speedReport) bool {
	return s != nil && s.SmallPut.Count > 0 && s.SmallPut.P95Ms > 0 && s.SmallGet.P95Ms > 0 && s.LargeBytes > 0 &&
		s.UploadMiBps > 0 && s.DownloadMiBps > 0 && s.Keys > 0 && s.PutsPerSecond > 0 && s.ListedPerSecond > 0 && s.DeletedPerSec > 0
}

func leavesNothing(t *testing.T, root backend.Root) {
	t.Helper()
	b, err := newRegistry().Open(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for left, err := range b.List(t.Context(), "") {
		t.Errorf("it left %q, %v", left.Key, err)
	}
}
