package s3

import (
	"errors"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"
)

// persist has the SDK repeat two things more than it does by itself, each of which
// may be all that stands between a large upload and its end: 429, by which compatible
// stores say what S3 says by 503; and an answer that broke off. To repeat is safe,
// for a publication is settled by reading; an upload whose beginning was repeated
// leaves one behind that nobody knows of.
func persist(given aws.Retryer) aws.Retryer {
	retryer, ok := given.(aws.RetryerV2)
	if !ok {
		return given
	}
	return persistent{retryer}
}

type persistent struct{ aws.RetryerV2 }

func (p persistent) IsErrorRetryable(err error) bool {
	_, brokeOff := errors.AsType[*smithy.DeserializationError](err)
	return brokeOff || status(err) == http.StatusTooManyRequests || p.RetryerV2.IsErrorRetryable(err)
}
