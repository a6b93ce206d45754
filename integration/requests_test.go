package integration_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/integration/servers"
	"github.com/cairnstate/cairn/storage"
)

// TestRoundTrips counts, in a proxy before each store, the requests that it takes
// to resolve a pointer and load the metadata. The requests of one round trip have
// to come together: the proxy holds them until all are there.
func TestRoundTrips(t *testing.T) {
	minio, gcs := servers.StartMinIO(t), servers.StartGCS(t)
	beforeMinIO, beforeGCS := servers.StartProxy(t, minio.Endpoint), servers.StartProxy(t, gcs.Endpoint)
	for _, c := range []struct {
		place place
		proxy *servers.Proxy
	}{
		{minioPlace(minio, beforeMinIO.Endpoint, "s3"), beforeMinIO},
		{gcsPlace(gcs, beforeGCS.Endpoint), beforeGCS},
	} {
		t.Run(c.place.name, func(t *testing.T) { testRoundTrips(t, c.place, c.proxy) })
	}
}

func testRoundTrips(t *testing.T, p place, proxy *servers.Proxy) {
	flink := caseNamed(t, "2.3.0/hashmap-savepoint")
	data := flink.files(t)[flink.Snapshots[0].Pointer+"/_metadata"]
	if err := p.witness.MakeBucket(t.Context(), bucket); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"savepoint-1/_metadata", "a-file-of-another-name"} {
		if err := p.witness.Put(t.Context(), bucket, key, data); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name, pointer string
		rounds        []int // the requests of each round trip
	}{
		{"a directory", "savepoint-1", []int{1}},
		{"a directory with a slash", "savepoint-1/", []int{1}},
		{"its metadata file", "savepoint-1/_metadata", []int{1}},
		{"a file of another name", "a-file-of-another-name", []int{1, 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			proxy.Expect(c.rounds...)
			load(t, p, p.root+"/"+c.pointer)
			checkRequests(t, proxy, c.rounds)
		})
	}
	t.Run("nothing", func(t *testing.T) {
		proxy.Expect(1, 2)
		if _, err := resolve(t, p, p.root+"/nothing-here"); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("a pointer to nothing gives %v", err)
		}
		checkRequests(t, proxy, []int{1, 2})
	})
}

// resolve gives up if the proxy holds its requests for ever.
func resolve(t *testing.T, p place, pointer string) (storage.CompletedCheckpointStorageLocation, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	return p.openWith(t, new(storage.Options)).ResolveCheckpoint(ctx, pointer)
}

// load resolves the pointer and decodes what is there.
func load(t *testing.T, p place, pointer string) {
	t.Helper()
	location, err := resolve(t, p, pointer)
	if err != nil {
		t.Fatal(err)
	}
	defer location.Close()
	data, err := location.ReadMetadata(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := metadata.Decode(data, nil); err != nil {
		t.Fatal(err)
	}
}

// checkRequests compares what the proxy saw with the sum of the rounds.
func checkRequests(t *testing.T, proxy *servers.Proxy, rounds []int) {
	t.Helper()
	want := 0
	for _, n := range rounds {
		want += n
	}
	got := proxy.Requests()
	if len(got) != want {
		t.Errorf("%d requests, want %d:\n%s", len(got), want, strings.Join(got, "\n"))
	}
	if slices.ContainsFunc(got, func(request string) bool { return strings.HasPrefix(request, "HEAD ") }) {
		t.Errorf("somebody asked before opening:\n%s", strings.Join(got, "\n"))
	}
}
