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
//	| parameter         | value                 | default                           |
//	|-------------------|-----------------------|-----------------------------------|
//	| accelerate        | true, false           | the profile's                     |
//	| anonymous         | true, false           | false; true sends no credentials  |
//	| bucket-key        | true, false           | the bucket's; goes with aws:kms   |
//	| ca-file           | file of certificates  | besides the system's              |
//	| checksum          | crc32c, signature,    | crc32c with Amazon; else what the |
//	|                   | none                  | store turns out to know           |
//	| concurrency       | number                | 4 parts or ranges at once         |
//	| connections       | number                | 64 at most                        |
//	| dual-stack        | true, false           | the profile's                     |
//	| endpoint          | http(s)://host:port   | the environment's; else Amazon S3 |
//	| external-id       | text                  | none; goes with role-arn          |
//	| fips              | true, false           | the profile's                     |
//	| kms-key           | id, ARN or alias      | the account's; goes with aws:kms  |
//	| part-size         | 8MiB, 8388608, …      | 8MiB                              |
//	| path-style        | true, false           | true with an own endpoint         |
//	| profile           | name in ~/.aws        | the environment's                 |
//	| read-only         | true, false           | false                             |
//	| region            | eu-west-1, …          | the environment's; us-east-1 with |
//	|                   |                       | an own endpoint                   |
//	| request-payer     | requester             | the owner pays                    |
//	| role-arn          | ARN                   | none; STS gives its credentials   |
//	| role-session-name | text                  | made up                           |
//	| sse               | AES256, aws:kms,      | the bucket's                      |
//	|                   | aws:kms:dsse          |                                   |
//	| storage-class     | STANDARD_IA, …        | the store's                       |
//
// No environment variable of AWS speaks of path style; hence the default. A role of
// a web identity needs no parameter: the environment names it.
//
// # What guards the bytes
//
// With checksum=crc32c each upload carries a CRC-32C in a header, never in a
// trailer, and the store compares it. With signature the SHA-256 of the content is a
// part of the request's signature, which stores understand that know no checksums;
// it takes more time than all else that a client does. Of a store that is not
// Amazon's the first upload has both: if the answer repeats the checksum, the store
// compares checksums, and the next uploads are not signed with their content; if not
// they are signed. AWS_REQUEST_CHECKSUM_CALCULATION=when_required means signature.
// With none nothing is sent and nothing compared: who trusts TLS and what the store
// computes by itself saves reading each file twice. Over plain HTTP a checksum guards
// against accidents; who fears people between him and the store uses TLS.
//
// What is read is compared with the checksum of the whole object that the store
// tells, unless it is so large that it is read in ranges.
//
// # What it costs, and what it promises
//
// Nothing happens before the first request: no file is read, no credentials are
// looked for. Open is one GetObject, and a body that breaks off is resumed where
// it ended, of the same object or not at all. An object of more than four
// [Options.PartSize] is read in ranges of that size: when half of the first was
// read, up to [Options.Concurrency] others are fetched ahead into memory, which all
// readers of a backend share; who finds none left reads one stream. Download, which
// writes to a file, has as many ranges at once and holds none of them.
//
// Stat is one HeadObject, List one ListObjectsV2 per thousand keys, DeleteAll one
// DeleteObjects per thousand, Copy one CopyObject up to 5 GiB. An object of at most
// [Options.PartSize] bytes is one PutObject; a larger one is a multipart upload that
// holds up to [Options.Concurrency] parts in memory, and that Close without Commit
// aborts. Upload, of what lies in a file, holds none: each part is read once for its
// checksum and once to be sent, and without TLS the kernel sends it out of its cache.
// There are at most [Options.Connections] connections: who needs one more
// waits. So that a program which opens more objects than that before it reads them
// does not wait for itself, a reader that nobody reads from gives its connection up
// to those who wait, and asks for the rest of its object later.
//
// IfAbsent is If-None-Match. Each object carries a random token of its writer in
// its metadata, so when the answer to a publication is lost, or a repetition of
// it is refused because the first one had arrived, Commit reads the token and
// knows. What it cannot settle it reports as an error that is not
// [io/fs.ErrExist]. The token, or the store's own id of the version, is also what
// tells versions of equal content apart; a listing tells no versions, since it does
// not have the tokens.
//
// A bucket that does not exist is an error of its own and not
// [io/fs.ErrNotExist]: "no such bucket" is a mistake in the configuration, and
// who takes it for "no such checkpoint" draws the wrong conclusion. (A HEAD
// answer has no body, so Stat cannot tell the two apart.)
//
// If a process dies amid a multipart upload, its parts stay, invisible and paid
// for: give the bucket a lifecycle rule that aborts incomplete uploads.
// Directory buckets of S3 Express list their keys in no order: List reads all pages
// of a prefix before it yields the first key. Of any other store such a listing is
// an error.
package s3
