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

// Each letter that a signature lacks is named, and no other.
func TestVerifyNamesWhatAzureDenies(t *testing.T) {
	a := servers.StartAzurite(t)
	if err := a.MakeBucket(t.Context(), "states"); err != nil {
		t.Fatal(err)
	}
	const all = "rwdlac"
	for letters, test := range map[string]struct {
		permission string
		verbs      []string
	}{
		"l":  {azureBlobs + "read (SAS: l)", []string{"list"}},
		"r":  {azureBlobs + "read (SAS: r)", []string{"look for what is absent", "get"}},
		"wc": {azureBlobs + "write (SAS: w)", []string{"put"}},
		"d":  {azureBlobs + "delete (SAS: d)", []string{"delete"}},
	} {
		t.Run(letters, func(t *testing.T) {
			lacking := strings.Map(func(r rune) rune {
				if strings.ContainsRune(letters, r) {
					return -1
				}
				return r
			}, all)
			t.Setenv("AZURE_STORAGE_SAS_TOKEN", a.Signature(lacking))
			place := "abfss://states@cairn.dfs.core.windows.net/dir?endpoint=" + url.QueryEscape(a.Endpoint)
			deniedReport(t, place, test.permission, test.verbs...)
		})
	}
}
