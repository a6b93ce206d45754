// Package storage gives bytes their meaning: it knows where in a store a
// checkpoint is, which of its files is the one that says so, and which files that
// one may speak of.
//
// A user holds a pointer, as Flink printed it or as it was typed in a hurry:
// s3://bucket/job/chk-42, the same with /_metadata behind it, a file of any name,
// a path without a scheme. [BackendStorage] makes a location of it:
//
//  1. The text becomes a [Path], by Flink's rules, and gets the default scheme if
//     it has none.
//  2. The scheme and the bucket lead to a backend, opened once.
//  3. The likelier of two files is opened: <pointer>/_metadata, or the pointer
//     itself if that is its name. Where it is, this was the only request.
//  4. Where it is not, the other one is opened while the directory is listed, so
//     that a failure can say what is there instead of what was looked for.
//  5. The open stream waits in the location for whoever reads the metadata.
//
// # Writing
//
// A job that writes has a [CheckpointStorageAccess]. It gives a [CheckpointStorageLocation]
// for each checkpoint; workers write state to its streams and report handles, and
// whoever has them all writes the metadata:
//
//	location ── CreateCheckpointStateOutputStream ── CloseAndGetHandle ──┐ handles
//	         └─ CreateMetadataOutputStream ── CloseAndFinalizeCheckpoint ┘
//	                                               │
//	            completed location ── DisposeStorageLocation
//
// The metadata is the name of the checkpoint. It is published last, in one step that
// one of any number of writers wins, and it is deleted first. Four words are kept
// apart: a state is discarded, a location disposed of, an object deleted, and what is
// open released (closed).
//
// State that lies in files needs no streams: UploadState sends a file from where it
// lies, by the same rules, and [DownloadState] makes a file of a handle.
//
// # Reading parts
//
// [ReadStateRanges] and [OpenStateAt] read scattered parts of state with few large
// requests. The requests of all readers of a storage share a bounded number of
// connections. A request never waits for who consumes what it brings, so readers
// queue and cannot block each other.
//
// # Untrusted metadata
//
// Metadata names files, and may come from anyone. A location opens those in the
// checkpoint's own directory and, for a directory chk-N in Flink's layout, in the
// directories shared, taskowned and dstl beside it; then those in the places that
// the user configured ([Options]). All else is [ErrOutsideAllowed], before any
// store is asked: another bucket, another scheme, "..", and on local disks links
// that lead out. Size, too, is only believed when it is there: a file that is
// shorter than its handle says is [ErrTruncated].
package storage
