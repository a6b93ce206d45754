// Package meter counts what goes through a backend, as OpenTelemetry metrics. The
// meter is a value that the program brings; this package links the API alone, and no
// exporter.
//
//	| metric                   | kind            | attributes            |
//	|--------------------------|-----------------|-----------------------|
//	| cairn.storage.calls      | counter         | scheme, verb          |
//	| cairn.storage.errors     | counter         | scheme, verb, kind    |
//	| cairn.storage.bytes      | counter, bytes  | scheme, direction     |
//	| cairn.storage.duration   | histogram, s    | scheme, verb          |
//	| cairn.storage.in_flight  | up-down counter | scheme                |
//
// A call is a verb or a power. The body of an object is one more, "read", and lasts
// as long as its reading takes, without the time that the caller takes between; so
// does a listing. A commit or an abort ends a writer. The direction is "in" for what
// comes from the store. What a backend moves itself, to copy, is not seen. Each byte of
// an upload counts once, when it is taken from its source first: that it is read for a
// checksum and again to be sent, or again because a part was lost, is the backend's
// affair. So it counts too if the upload fails then, as what is written does.
//
// Kinds are words that do not depend on the store: absent, exists, changed,
// throttled, transient, denied, cancelled and the like. That an object is absent or
// exists is a kind too, though it may be no failure for the caller. No metric has a
// key in it: there would be one for each object.
package meter
