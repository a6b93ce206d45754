package gcs_test

import (
	"context"
	"fmt"
	"net/url"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/gcs"
)

// A program that knows Google Cloud Storage says so, and gives each bucket what
// its location says.
func Example() {
	var registry backend.Registry
	registry.Register(gcs.Opener(nil), gcs.Schemes()...)

	_, err := registry.Open(context.Background(), backend.Root{
		Scheme: "gs", Authority: "checkpoints", Params: url.Values{"endpont": {"http://127.0.0.1:4443"}},
	})
	fmt.Println(err)
	// Output: gs: configure in bucket "checkpoints": unknown parameter "endpont" (known: anonymous, ca-file, chunk-size, concurrency, endpoint, impersonate, kms-key, read-only, storage-class, user-project)
}
