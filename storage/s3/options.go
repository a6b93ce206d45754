package s3

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Options are what code says about a [Backend]. Nil and zero values mean the
// defaults.
type Options struct {
	// Client is used as it is, and stays the caller's. Parameters that shape a
	// client are then refused.
	Client *s3.Client

	// Config is used instead of the environment and ~/.aws. Parameters go before
	// it.
	Config *aws.Config

	// PartSize is the size in bytes of the first thousand parts of a multipart
	// upload; the second thousand has twice the size, the third three times, up to
	// the ten thousandth part. The default is 8 MiB: 430 GiB in all. S3 refuses
	// less than 5 MiB.
	PartSize int

	// Concurrency is how many parts of an object are uploaded at once; the default
	// is 4.
	Concurrency int
}

const (
	defaultPartSize    = 8 << 20
	defaultConcurrency = 4
)

// withDefaults returns the options with the defaults filled in.
func (o *Options) withDefaults() Options {
	var options Options
	if o != nil {
		options = *o
	}
	if options.PartSize <= 0 {
		options.PartSize = defaultPartSize
	}
	if options.Concurrency <= 0 {
		options.Concurrency = defaultConcurrency
	}
	return options
}
