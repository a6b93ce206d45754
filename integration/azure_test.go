//go:build azure

package integration_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net/url"
	"testing"

	"github.com/cairnstate/cairn/integration/servers"
	"github.com/cairnstate/cairn/storage/azure"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/storagetest"
)

// host is what Azure would call the account; the endpoint says where it is.
const host = "@cairn.dfs.core.windows.net"

func startAzurite(t *testing.T) *servers.Azurite {
	t.Helper()
	a := servers.StartAzurite(t)
	t.Setenv("AZURE_STORAGE_SAS_TOKEN", "")
	t.Setenv("AZURE_STORAGE_KEY", a.Key)
	return a
}

func openAzure(t *testing.T, a *servers.Azurite, container string) backend.Backend {
	t.Helper()
	root := backend.Root{Scheme: "abfss", Authority: container + host, Params: url.Values{"endpoint": {a.Endpoint}}}
	b, err := azure.Open(t.Context(), root, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

// azuritePlace is Azurite under one of Flink's names.
func azuritePlace(a *servers.Azurite, scheme string) place {
	registry := new(backend.Registry)
	registry.Register(azure.Opener(nil), azure.Schemes()...)
	return place{
		name:    scheme,
		root:    scheme + "://" + bucket + host,
		store:   scheme + "://" + bucket + host + "/nothing?endpoint=" + url.QueryEscape(a.Endpoint),
		opener:  registry,
		witness: a,
	}
}

// TestAzureConformance asks Azurite plain, which is its column of
// docs/support-matrix.md, and then under each wrapper.
func TestAzureConformance(t *testing.T) {
	plain := azuriteStore(t)
	c := newColumn(plain)
	t.Run("plain", func(t *testing.T) { plain.judge(t, new(storagetest.Options), c.note) })
	hold(t, []*column{c})
	for _, w := range wrappers() {
		wrapped := plain.under(w)
		t.Run(wrapped.file(), func(t *testing.T) { wrapped.judge(t, wrapped.brief(), func(storagetest.Check, error) {}) })
	}
}

func azuriteStore(t *testing.T) store {
	t.Helper()
	a := startAzurite(t)
	if err := a.MakeBucket(t.Context(), "states"); err != nil {
		t.Fatal(err)
	}
	root := backend.Root{Scheme: "abfss", Authority: "states" + host, Params: url.Values{"endpoint": {a.Endpoint}}}
	return store{
		name:    azurite,
		version: pinned(t, "AZURITE_VERSION"),
		secrets: []string{a.Key},
		several: 17 << 20,
		connect: func(ctx context.Context) (backend.Backend, error) { return azure.Open(ctx, root, nil) },
	}
}

// What we write in blocks another client reads whole, and the reverse; a container
// that is not there is no object that is not there.
func TestAzureAndTheWitness(t *testing.T) {
	a, ctx := startAzurite(t), t.Context()
	if err := a.MakeBucket(ctx, "states"); err != nil {
		t.Fatal(err)
	}
	b := openAzure(t, a, "states")
	large := bytes.Repeat([]byte("0123456789abcdef"), 20<<20/16) // three blocks
	if err := writeObject(ctx, b, "large", large, &backend.CreateOptions{IfAbsent: true}); err != nil {
		t.Fatal(err)
	}
	if got, err := a.Get(ctx, "states", "large"); err != nil || !bytes.Equal(got, large) {
		t.Errorf("the witness reads %d bytes, %v", len(got), err)
	}
	if err := writeObject(ctx, b, "large", large, &backend.CreateOptions{IfAbsent: true}); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second exclusive creation gives %v", err)
	}
	if err := a.Put(ctx, "states", "a/small", []byte("theirs")); err != nil {
		t.Fatal(err)
	}
	if got, err := readObject(ctx, b, "a/small"); err != nil || string(got) != "theirs" {
		t.Errorf("we read %q, %v", got, err)
	}
	if _, err := openAzure(t, a, "absent").Open(ctx, "k", nil); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a container that is not there gives %v", err)
	}
}

// The whole table of restores, from Azure as from the disk.
func TestAzurePlaces(t *testing.T) {
	a := startAzurite(t)
	all := []place{disk(t), azuritePlace(a, "abfss")}
	for _, p := range all {
		fill(t, p.witness)
	}
	all = append(all, azuritePlace(a, "wasbs"))
	t.Run("state", func(t *testing.T) { testState(t, all) })
	t.Run("restore", func(t *testing.T) { testRestore(t, all) })
}
