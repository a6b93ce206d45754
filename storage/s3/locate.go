package s3

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// longestURL is how long S3 lets a signed URL be valid.
const longestURL = 7 * 24 * time.Hour

// Locate returns a signed URL of the object, which is valid for at most seven
// days, and never longer than the credentials are. No request is made.
func (b *Backend) Locate(ctx context.Context, key string, validFor time.Duration) (*url.URL, error) {
	calls, err := b.begin(ctx, "locate", key)
	if err != nil {
		return nil, err
	}
	if validFor < time.Second || validFor > longestURL {
		return nil, b.fail(ctx, "locate", key, fmt.Errorf("%w: a signed URL is valid for a second at least and seven days at most", errors.ErrUnsupported))
	}
	if given := calls.api.Options().Credentials; given == nil || aws.IsCredentialsProvider(given, aws.AnonymousCredentials{}) {
		return nil, b.fail(ctx, "locate", key, fmt.Errorf("%w: an anonymous client has nothing to sign a URL with", errors.ErrUnsupported))
	}
	signed, err := s3.NewPresignClient(calls.api).PresignGetObject(ctx, &s3.GetObjectInput{Bucket: &b.bucket, Key: &key}, s3.WithPresignExpires(validFor))
	if err != nil {
		return nil, b.fail(ctx, "locate", key, err)
	}
	located, err := url.Parse(signed.URL)
	if err != nil {
		return nil, b.fail(ctx, "locate", key, errors.New("the SDK makes a URL that cannot be parsed")) // it would be repeated
	}
	return located, nil
}
