package s3

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/cause"
)

// fail returns the error of an operation, explained.
func (b *Backend) fail(op, key string, err error) error {
	return &backend.Error{Backend: b.scheme, Op: op, Key: key, Root: fmt.Sprintf("bucket %q", b.bucket), Err: explain(err)}
}

func explain(err error) error { return cause.Explain(err, explainSDK) }

func explainSDK(err error) error {
	// Before the answers: this may hold one, of another service.
	if missing, ok := errors.AsType[*credentialsError](err); ok {
		return cause.New(missing.Error(), nil, err)
	}
	if answer, ok := errors.AsType[*awshttp.ResponseError](err); ok && answer.HTTPStatusCode() != 0 {
		return explainAnswer(answer, err)
	}
	return explainSilence(err)
}

// explainAnswer explains what the store answered.
func explainAnswer(answer *awshttp.ResponseError, err error) error {
	code, message := apiError(err)
	status := answer.HTTPStatusCode()
	said := fmt.Sprintf("%s (HTTP %d %s%s)", orElse(message, "no reason given"), status, code, requestID(answer))
	switch {
	case status < 300:
		return cause.New("the store's answer cannot be read: "+answer.Err.Error(), nil, err)
	case code == "NoSuchBucket":
		return cause.New("no such bucket: check its name, the endpoint and the account", nil, err)
	case region(answer) != "" && (status == http.StatusMovedPermanently || status == http.StatusTemporaryRedirect || status == http.StatusBadRequest):
		return cause.New(fmt.Sprintf("the bucket is in region %s: set AWS_REGION or the parameter region to it", region(answer)), nil, err)
	case status >= 300 && status < 400, code == "AuthorizationHeaderMalformed":
		return cause.New("the bucket is at another endpoint or region: set AWS_REGION or the parameter region: "+said, nil, err)
	case code == "NoSuchUpload":
		return cause.New("the multipart upload is gone: "+said, nil, err)
	case status == http.StatusNotFound:
		return cause.New("no such object", fs.ErrNotExist, err)
	case status == http.StatusForbidden:
		return cause.New(forbidden(code)+": "+said, fs.ErrPermission, err)
	case status == http.StatusUnauthorized:
		return cause.New("the store wants credentials: "+said, fs.ErrPermission, err)
	case status == http.StatusServiceUnavailable, status == http.StatusTooManyRequests:
		return cause.New("the store is overloaded, and was after repetitions too: "+said, nil, err)
	}
	return cause.New("the store answered: "+said, nil, err)
}

// forbidden says what a 403 of this code asks to be done.
func forbidden(code string) string {
	switch code {
	case "InvalidAccessKeyId", "SignatureDoesNotMatch":
		return "the store does not take the credentials: check the access key, its secret and the endpoint"
	case "ExpiredToken", "TokenRefreshRequired", "InvalidToken":
		return "the credentials have expired: get new ones"
	case "RequestTimeTooSkewed":
		return "this machine's clock differs from the store's: set it"
	}
	return "access denied (who may not list the bucket gets this for a missing object, too)"
}

// explainSilence explains why there is no answer.
func explainSilence(err error) error {
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return cause.New(fmt.Sprintf("the store cannot be reached, check the endpoint: %v", dns), nil, err)
	}
	if dial, ok := errors.AsType[*net.OpError](err); ok {
		return cause.New(fmt.Sprintf("the store cannot be reached, check the endpoint: %v", dial), nil, err)
	}
	return err
}

func apiError(err error) (code, message string) {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorCode(), api.ErrorMessage()
	}
	return "", ""
}

// region returns the region of the bucket, if the answer tells it.
func region(answer *awshttp.ResponseError) string {
	return answer.Response.Header.Get("X-Amz-Bucket-Region")
}

func requestID(answer *awshttp.ResponseError) string {
	if answer.RequestID == "" {
		return ""
	}
	return ", request " + answer.RequestID
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}
