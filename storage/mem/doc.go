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
// never committed leaves nothing, as if the process had died. That is all that
// survives of a crash in memory.
package mem
