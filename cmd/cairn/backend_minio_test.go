package main

import (
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/integration/servers"
)

// A real store, by one who may only read: what is missing is named, nothing is
// written, and asked only to read the answer is yes.
func TestVerifyWithoutPermissionToWrite(t *testing.T) {
	m := servers.StartMinIO(t)
	if err := m.MakeBucket(t.Context(), "states"); err != nil {
		t.Fatal(err)
	}
	if err := m.Put(t.Context(), "states", "dir/object", []byte("content")); err != nil {
		t.Fatal(err)
	}
	if err := m.AllowAll(t.Context(), "states", "s3:GetObject", "s3:ListBucket"); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_CONFIG_FILE", os.DevNull)
	at := "s3://states/dir?anonymous=true&endpoint=" + url.QueryEscape(m.Endpoint)

	got := cairn(t, "backend", "verify", at)
	if got.code != exitNo || !strings.Contains(got.stderr, "s3:PutObject is missing") {
		t.Errorf("code %d, stderr %s", got.code, got.stderr)
	}
	if !strings.Contains(got.stdout, "the permission to put is missing") {
		t.Errorf("stdout %s", got.stdout)
	}
	got = cairn(t, "backend", "verify", "--read-only", at)
	if got.code != exitYes || strings.Contains(got.stdout, "nothing to read") {
		t.Errorf("code %d, stdout %s, stderr %s", got.code, got.stdout, got.stderr)
	}
}

// Credentials that are wrong are a failure of the command, and are not told.
func TestVerifyWithWrongCredentials(t *testing.T) {
	m := servers.StartMinIO(t)
	if err := m.MakeBucket(t.Context(), "states"); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", m.AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", "canary-"+m.SecretKey)
	t.Setenv("AWS_CONFIG_FILE", os.DevNull)
	for _, bucket := range []string{"states", "no-such-bucket"} {
		got := cairn(t, "backend", "verify", "s3://"+bucket+"?region=us-east-1&endpoint="+url.QueryEscape(m.Endpoint))
		if got.code != exitFailed || !strings.Contains(got.stderr, "credentials") || strings.Contains(got.stderr, "canary-") {
			t.Errorf("%s: code %d, stderr %s", bucket, got.code, got.stderr)
		}
	}
}
