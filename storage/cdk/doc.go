// Package cdk stores checkpoints in whatever gocloud.dev has a driver for, Azure
// Blob Storage for one: it makes any *blob.Bucket a backend.
//
// A program that has a bucket wraps it:
//
//	store := cdk.New(bucket, backend.Root{Scheme: "mem", Authority: "demo"})
//
// A program that has locations names the drivers that it links, in a mux of its
// own and not in gocloud's global one, which is filled by importing:
//
//	var mux blob.URLMux
//	mux.RegisterBucket("azblob", &azureblob.URLOpener{…})
//	registry.Register(cdk.Opener(&mux), "azblob") // azblob://container/savepoints/…
//
// Parameters are the driver's, which refuses what it does not know:
//
//	| parameter     | value                                                     |
//	|---------------|-----------------------------------------------------------|
//	| prefix        | of gocloud's mux: all keys are below it                   |
//	| read-only     | true, false; true refuses what writes, by package         |
//	|               | [github.com/cairnstate/cairn/storage/readonly]            |
//	| any other     | see the OpenBucketURL of the driver                       |
//
// For Azure there is [github.com/cairnstate/cairn/storage/azure], which opens the
// names that Flink has for it.
//
// gocloud abandons a write when its context is cancelled before it is closed, and
// completes it if one forgets. Here it is the other way round, as everywhere in
// this house: Close without Commit abandons.
//
// # What a driver must bring
//
// The contract is only as good as the driver. IfAbsent is its IfNotExist, which
// must hold between processes: fileblob's does not, as it looks first and renames
// then, nor does it sync what it writes; use storage/fs for files. Its listing
// must be in the order of the keys' bytes: where it is not, List fails. A missing
// bucket is what the driver makes of it, for most a missing object.
//
// What drivers are known not to promise is in their Limits. The entity tag is the
// version that Stat tells; neither List nor a Reader has it from gocloud. An Open of
// a version looks at the object before and after, which is two more requests.
// Copies are the store's where they replace at once, and not on Azure, where they
// show before they are whole. Locate is the driver's signed URL.
//
// Each object carries a random token of its writer in its metadata, with which
// Commit settles what became of a publication whose answer was lost, as in
// storage/s3.
package cdk
