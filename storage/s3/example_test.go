package s3_test

import (
	"context"
	"fmt"
	"net/url"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/s3"
)

// A program that knows S3 says so, and gives each bucket what its location says.
func Example() {
	var registry backend.Registry
	registry.Register(s3.Opener(nil), s3.Schemes()...)

	_, err := registry.Open(context.Background(), backend.Root{
		Scheme: "s3", Authority: "checkpoints", Params: url.Values{"endpont": {"http://127.0.0.1:9000"}},
	})
	fmt.Println(err)
	fmt.Println(registry.Canonical("s3a"))
	// Output:
	// s3: configure in bucket "checkpoints": unknown parameter "endpont" (known: accelerate, anonymous, bucket-key, ca-file, checksum, concurrency, connections, dual-stack, endpoint, external-id, fips, kms-key, part-size, path-style, profile, read-only, region, request-payer, role-arn, role-session-name, sse, storage-class)
	// s3
}
