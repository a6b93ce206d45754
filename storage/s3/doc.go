// Package s3 stores checkpoints in Amazon S3 and the stores that speak its
// protocol.
//
//	registry.Register(s3.Opener(nil), s3.Schemes()...) // s3://bucket/savepoints/…
//
// Credentials, region and endpoint come from where they do for every AWS tool:
// the environment (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL_S3,
// AWS_ENDPOINT_URL, AWS_CA_BUNDLE, …), ~/.aws/config, the machine's role. Code
// says more through [Options], and the configured location through parameters:
//
//	| parameter  | value                | default                                    |
//	|------------|----------------------|--------------------------------------------|
//	| anonymous  | true, false          | false; true sends no credentials           |
//	| checksum   | crc32c, signature    | crc32c; signature with an own endpoint or  |
//	|            |                      | AWS_REQUEST_CHECKSUM_CALCULATION=          |
//	|            |                      | when_required                              |
//	| endpoint   | http(s)://host:port  | the environment's; else Amazon S3          |
//	| path-style | true, false          | true with an own endpoint, else false      |
//	| profile    | name in ~/.aws       | the environment's                          |
//	| region     | eu-west-1, …         | the environment's; us-east-1 with an own   |
//	|            |                      | endpoint                                   |
//
// No environment variable of AWS speaks of path style; hence the default. With
// checksum=crc32c each upload carries a CRC-32C in a header, never in a trailer;
// with signature its SHA-256 is part of the request's signature, which the
// stores understand that know no checksums.
//
// # What it costs, and what it promises
//
// Nothing happens before the first request: no file is read, no credentials are
// looked for. Open is one GetObject, and a body that breaks off is resumed where
// it ended, of the same object or not at all. Stat is one HeadObject, List one
// ListObjectsV2 per thousand keys. An object of at most [Options.PartSize] bytes
// is one PutObject; a larger one is a multipart upload that holds up to
// [Options.Concurrency]+1 parts in memory, and that Close without Commit aborts.
//
// IfAbsent is If-None-Match. Each object carries a random token of its writer in
// its metadata, so when the answer to a publication is lost, or a repetition of
// it is refused because the first one had arrived, Commit reads the token and
// knows. What it cannot settle it reports as an error that is not
// [io/fs.ErrExist].
//
// A bucket that does not exist is an error of its own and not
// [io/fs.ErrNotExist]: "no such bucket" is a mistake in the configuration, and
// who takes it for "no such checkpoint" draws the wrong conclusion. (A HEAD
// answer has no body, so Stat cannot tell the two apart.)
//
// If a process dies amid a multipart upload, its parts stay, invisible and paid
// for: give the bucket a lifecycle rule that aborts incomplete uploads. A store
// that lists keys out of order, as S3 Express directory buckets do, is refused
// by List.
package s3
