package s3

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Options are what code says about a [Backend]. Nil and zero values mean the
// defaults. Parameters of the location go before them.
type Options struct {
	// Client is used as it is, and stays the caller's. Parameters that shape a
	// client are then refused.
	Client *s3.Client

	// Config is used instead of the environment and ~/.aws. Its HTTPClient is used
	// as it is, if it is set.
	Config *aws.Config

	// PartSize is the size in bytes of the first thousand parts of a multipart
	// upload; the second thousand has twice the size, the third three times, up to
	// the ten thousandth part. The default is 8 MiB: 430 GiB in all. S3 refuses
	// less than 5 MiB. It is also the size of the ranges in which a large object is
	// read.
	PartSize int

	// Concurrency is how many parts of an object travel at once, up or down; the
	// default is 4. A writer has one more in memory; a reader has no more.
	Concurrency int

	// Connections is how many connections there are at most; the default is 64. Who
	// needs another one waits. A reader that nobody reads from holds none while
	// others wait.
	Connections int

	// Encryption is how the store encrypts what is written; the zero value leaves it
	// to the bucket.
	Encryption Encryption

	// StorageClass is that of what is written, such as STANDARD_IA; empty leaves it
	// to the store.
	StorageClass string

	// RequesterPays agrees to pay for the requests.
	RequesterPays bool

	// ReadOnly refuses to write, and lets nothing but GET and HEAD out to the store.
	ReadOnly bool
}

// Encryption is how a store encrypts on its side.
type Encryption struct {
	Algorithm string // AES256 (SSE-S3), aws:kms or aws:kms:dsse (SSE-KMS)
	KMSKey    string // id, ARN or alias; empty for the account's own key
	BucketKey bool   // have KMS asked once for many objects
}

const (
	defaultPartSize    = 8 << 20
	defaultConcurrency = 4
	defaultConnections = 64
)

// withDefaults returns the options with the defaults filled in.
func (o Options) withDefaults() Options {
	if o.PartSize <= 0 {
		o.PartSize = defaultPartSize
	}
	if o.Concurrency <= 0 {
		o.Concurrency = defaultConcurrency
	}
	if o.Connections <= 0 {
		o.Connections = defaultConnections
	}
	return o
}

// headers are what the options add to each request that makes an object.
func (o Options) headers() map[string]string {
	headers := map[string]string{}
	for name, value := range map[string]string{
		"X-Amz-Server-Side-Encryption":                o.Encryption.Algorithm,
		"X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id": o.Encryption.KMSKey,
		"X-Amz-Storage-Class":                         o.StorageClass,
	} {
		if value != "" {
			headers[name] = value
		}
	}
	if o.Encryption.BucketKey {
		headers["X-Amz-Server-Side-Encryption-Bucket-Key-Enabled"] = "true"
	}
	return headers
}
