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
	told := keepsAll(t, backend.Root{
		Scheme: "abfss", Authority: "states@cairn.dfs.core.windows.net", Params: url.Values{"endpoint": {a.Endpoint}},
	})
	if strings.Contains(told, a.Key) {
		t.Error("the account's key is told")
	}
	if !strings.Contains(told, "one by one, 20 requests for 20 keys") {
		t.Error("that its batches are none is not told")
	}
}
