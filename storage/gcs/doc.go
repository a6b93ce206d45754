// Package gcs stores checkpoints in Google Cloud Storage.
//
//	registry.Register(gcs.Opener(nil), gcs.Schemes()...) // gs://bucket/savepoints/…
//
// Credentials come from where they do for every Google tool: the file that
// GOOGLE_APPLICATION_CREDENTIALS names, what "gcloud auth application-default
// login" left, the machine's service account. STORAGE_EMULATOR_HOST points at an
// emulator. Code says more through [Options], and the configured location through
// parameters:
//
//	| parameter     | value               | default                                 |
//	|---------------|---------------------|-----------------------------------------|
//	| anonymous     | true, false         | true with an http:// endpoint, where    |
//	|               |                     | false is refused; else false            |
//	| ca-file       | file of PEM         | the machine's certificates alone        |
//	| chunk-size    | 8388608, 8MiB, …    | 8MiB: what a writer holds, and a range  |
//	| concurrency   | number              | 8 ranges of a download, or batches of   |
//	|               |                     | deletes, at once                        |
//	| endpoint      | http(s)://host:port | STORAGE_EMULATOR_HOST; else Google's    |
//	| impersonate   | service account     | none; its address, which the            |
//	|               |                     | credentials may create tokens for       |
//	| kms-key       | projects/…          | the bucket's key; encrypts what is      |
//	|               |                     | written (CMEK)                          |
//	| read-only     | true, false         | false; true lets no request out but GET |
//	|               |                     | and HEAD, and asks for no more rights   |
//	| storage-class | NEARLINE, …         | the bucket's                            |
//	| user-project  | project id          | none; who pays, if the requester does   |
//
// # What it costs, and what it promises
//
// Nothing happens before the first request: no credentials are looked for. Open
// is one GET of the JSON protocol, which tells a missing bucket from a missing
// object, as the XML protocol does not, but not when the object was made, so
// [github.com/cairnstate/cairn/storage/backend.Info].ModTime of a Reader is zero. A
// body that breaks off is resumed at the same generation. Stat is one request, List one per thousand keys. An object
// of at most [Options.ChunkSize] bytes is one request, which brings its checksum
// (CRC32C), so that what arrives wrong is refused; a larger one is a resumable
// upload that holds one chunk in memory, is compared by its end, and that Close
// without Commit leaves without an end, which is nothing to anyone and costs
// nothing. No MD5 is computed.
//
// Download reads ranges of one generation at once; DeleteAll sends a hundred
// deletes in one request, which is what Google takes; Copy is the store's rewrite;
// Swap is a precondition on the generation, which is the version.
//
// IfAbsent is a generation of 0 as precondition. Each object carries a random
// token of its writer in its metadata, so when the answer to a publication is
// lost, or a repetition of it is refused because the first one had arrived,
// Commit reads the token and knows. What it cannot settle it reports as an error
// that is not [io/fs.ErrExist].
//
// Requests are repeated a few times and not for ever, as they would be by
// default. A bucket that does not exist is an error of its own and not
// [io/fs.ErrNotExist]: "no such bucket" is a mistake in the configuration, and
// who takes it for "no such checkpoint" draws the wrong conclusion.
//
// The SDK links gRPC and much else that this package does not use. Build with
// -tags disable_grpc_modules for a program that is 20 MB smaller and starts in
// half the time.
package gcs
