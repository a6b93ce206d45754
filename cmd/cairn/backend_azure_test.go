//go:build azure

package main

import (
	"net/url"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/integration/servers"
	"github.com/cairnstate/cairn/storage/backend"
)

func TestVerifyAzure(t *testing.T) {
	a := servers.StartAzurite(t)
	t.Setenv("AZURE_STORAGE_SAS_TOKEN", "")
	t.Setenv("AZURE_STORAGE_KEY", a.Key)
	if err := a.MakeBucket(t.Context(), "states"); err != nil {
		t.Fatal(err)
	}
	place := "abfss://states@cairn.dfs.core.windows.net/jobs?endpoint=" + url.QueryEscape(a.Endpoint)
	got := cairn(t, "backend", "verify", place, "--no-speed")
	if got.code != exitYes || !strings.Contains(got.stdout, "yes, it keeps what checkpoints need") {
		t.Errorf("code %d, stdout %s, stderr %s", got.code, got.stdout, got.stderr)
	}
	if strings.Contains(got.stdout+got.stderr, a.Key) {
		t.Error("the account's key is told")
	}
	b, err := newRegistry().Open(t.Context(), backend.Root{
		Scheme: "abfss", Authority: "states@cairn.dfs.core.windows.net", Params: url.Values{"endpoint": {a.Endpoint}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for left, err := range b.List(t.Context(), "") {
		t.Errorf("it left %q, %v", left.Key, err)
	}
}
