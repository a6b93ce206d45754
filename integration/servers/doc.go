// Package servers runs the object stores that the integration tests speak to:
// MinIO for S3, an emulator of Google Cloud Storage, and Azurite for Azure.
//
// They are real programs, built by "make servers" into .tools/bin ("make azurite"
// installs Azurite, which wants node) and started on a free loopback port each; data is in memory or in a temporary folder, and both
// are gone when the test ends. Whoever starts one without having built it is told
// so; no test is skipped for want of a server, as a skipped test reads as passed.
//
// Each server is also a [Witness]: it takes objects and gives them back by code
// that shares nothing with ours (minio-go for S3, plain HTTP for GCS and Azure). A [Proxy]
// in front of a server counts what crosses it.
package servers
