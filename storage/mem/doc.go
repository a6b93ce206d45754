// Package mem keeps objects in memory. It is the backend that the contract of
// [github.com/cairnstate/cairn/storage/backend] is easiest to read in, and the
// one that needs nothing: no disk, no server, no credentials.
//
//	var host mem.Host
//	registry.Register(host.Open, "mem") // mem://demo/savepoints/…
//
// A [Host] is a machine that holds stores by name, as S3 holds buckets; it is a
// value, so two tests never meet in it. Writing to a [Backend] takes effect in
// one step, at Commit: before it there is nothing to see, and a writer that is
// never committed leaves nothing, as if the process had died.
//
// That makes it a simulator of crashes as well. [Backend.Crash] returns the store
// as it would be found after one, at any moment; a test takes such an image after
// each step of what it examines, and starts anew on it. [Loss] makes stores that
// lose more than they may.
package mem
