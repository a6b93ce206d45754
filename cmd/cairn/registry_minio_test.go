package main

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/integration/servers"
)

// The commands that only read, with the rights to write: what crosses the wire reads.
func TestReadingCommandsSendNoWrite(t *testing.T) {
	m := servers.StartMinIO(t)
	if err := m.MakeBucket(t.Context(), "states"); err != nil {
		t.Fatal(err)
	}
	upload(t, m, snapshot(t, "2.3.0/hashmap-savepoint"))
	t.Setenv("AWS_ACCESS_KEY_ID", m.AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", m.SecretKey)
	t.Setenv("AWS_CONFIG_FILE", os.DevNull)
	proxy := servers.StartProxy(t, m.Endpoint)
	params := "?endpoint=" + url.QueryEscape(proxy.Endpoint)
	for _, command := range [][]string{
		{"resolve", "s3://states/sp", "--location", "s3://states" + params},
		{"inspect", "s3://states/sp", "--location", "s3://states" + params},
		{"plan", "s3://states/sp", "--location", "s3://states" + params},
		{"restore", "s3://states/sp", "--location", "s3://states" + params, "--claim-mode", "claim"},
		{"backend", "verify", "--read-only", "s3://states/sp" + params},
	} {
		proxy.Expect()
		if got := cairn(t, command...); got.code != exitYes {
			t.Errorf("%q: code %d, stderr %s", command, got.code, got.stderr)
		}
		requests := proxy.Requests()
		if len(requests) == 0 {
			t.Errorf("%q asked the store for nothing", command)
		}
		for _, request := range requests {
			if !strings.HasPrefix(request, "GET ") && !strings.HasPrefix(request, "HEAD ") {
				t.Errorf("%q sent %s", command, request)
			}
		}
	}
}

// upload puts the files of a savepoint below sp/.
func upload(t *testing.T, m *servers.MinIO, dir string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(filepath.Join(dir, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Put(t.Context(), "states", "sp/"+file.Name(), data); err != nil {
			t.Fatal(err)
		}
	}
}
