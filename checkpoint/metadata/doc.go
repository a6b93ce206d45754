// Package metadata reads and writes the _metadata file of a checkpoint or
// savepoint, byte for byte as Apache Flink does.
//
// A file is a frame around a checkpoint.Metadata:
//
//	magic  0x4960672D
//	version        2 to 6, and 7 if asked for
//	checkpoint id
//	master states                     master.go
//	operators                         operator.go, one record each
//	  coordinator, subtasks           subtask.go
//	    stream state handles          stream.go    where bytes are
//	    keyed state handles           keyed.go, changelog.go
//	    operator state handles        operatorhandle.go
//	    channel state handles         channel.go
//	properties, from version 4 on     properties.go over javastream.go
//
// Everything is big-endian, nothing is aligned, and there are no checksums.
// Reader and writer of one thing stand side by side in one file, so each layout
// is told once.
//
// # Lossless
//
// What Flink wrote comes back from Encode(Decode(data)) as the same bytes: the
// values keep which of two encodings a handle had, all lists keep their order,
// and the properties and whatever trails them are kept as they were.
//
// # Fast
//
// Decode copies nothing: strings and byte slices of the result are views into
// the data that it was given. Do not change the data afterwards.
//
// # Safe
//
// A file may come from anyone. No count in it is believed before the bytes for
// it are there, nesting is bounded, and all that Decode allocates is drawn from a
// budget of four times the input and 256 KiB; a file that would need more is refused with
// ErrExpansion. Nothing in a file makes Decode panic.
package metadata
