package cdk_test

import (
	"context"
	"fmt"

	"gocloud.dev/blob"
	"gocloud.dev/blob/memblob"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/cdk"
)

// A driver of gocloud's becomes a scheme of the registry.
func ExampleOpener() {
	var mux blob.URLMux
	mux.RegisterBucket(memblob.Scheme, &memblob.URLOpener{})
	var registry backend.Registry
	registry.Register(cdk.Opener(&mux), mux.BucketSchemes()...)

	ctx := context.Background()
	store, err := registry.Open(ctx, backend.Root{Scheme: "mem", Authority: "demo"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	_, err = store.Open(ctx, "savepoints/savepoint-1/_metadata", nil)
	fmt.Println(err)
	// Output: mem: open "savepoints/savepoint-1/_metadata" in mem://demo: no such object
}
